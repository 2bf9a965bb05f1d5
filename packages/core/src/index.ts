/** The door of @seenas/core. What is not exported here is internal. */
export { type AddressSet, listOf, setHas, setOfCidrs, setSize, unionOf } from "./address/address-set.ts";
export {
  addressOf,
  type Cidr,
  cidrContains,
  familyOfCidr,
  hostCidr,
  isHost,
  lengthOf,
  parseCidr,
  rangeOf,
} from "./address/cidr.ts";
export { type DestinationMap, type Piece, piecesOf } from "./address/destination-map.ts";
export { type Family, familyOf, type Ip, parseIp } from "./address/ip.ts";
export { type LookupTable4, type LookupTable6, lookupTable4, lookupTable6 } from "./address/lookup-table.ts";
export { mergeCidrs } from "./address/merge.ts";
export { type Allowlist, type AllowSource, allowlistFrom, type Destination } from "./allow/allowlist.ts";
export { nothingToAllow, refusalsOf } from "./allow/doubts.ts";
export { destinationOfFlow, destinationOfPartners, sourcesOfMap, sourcesOfVerdicts } from "./allow/sources.ts";
export type { ConfigDocument } from "./clouds/document.ts";
export { readEstate } from "./clouds/read-estate.ts";
export { loadAllProviders } from "./clouds/recognise.ts";
export { joined } from "./documents/bytes.ts";
export { readJsonDocuments } from "./documents/json.ts";
export type { ListReader, TextsOf } from "./documents/list-reader.ts";
export type { Wanted } from "./evidence/capture/flows.ts";
export type { CaptureReader, Counted as CountedCapture } from "./evidence/capture/index.ts";
export { isCapture } from "./evidence/capture/magic.ts";
export { type LogResultRow, readLogResult } from "./evidence/log-result.ts";
export type { LongLog, ReadLog } from "./evidence/long/index.ts";
export type { Evidence, EvidenceKind, Observation, Strength, VantageHint } from "./evidence/observation.ts";
export { type StoredSource, storedEvidence } from "./evidence/stored.ts";
export { serverRank } from "./evidence/tcpdump/services.ts";
export { type ArchiveLimits, archiveLimits } from "./files/archive-limits.ts";
export { type Gathering, gathering, type Loaded, type LoadedFile, loadedFrom, type Reading } from "./files/content.ts";
export { type Decoded, decode, foreignOf } from "./files/decode.ts";
export { loadArchive } from "./files/load-archive.ts";
export { PACKING_HEAD_BYTES, type Packing, packingOf } from "./files/packing.ts";
export { only, type Pieces, slicesOf, withHead } from "./files/pieces.ts";
export { fileProblem } from "./files/problems.ts";
export type { Fault, Gunzip, Tell, Texts } from "./files/runtime.ts";
export { isWantedName, isWantedPath } from "./files/wanted.ts";
export type { Guest, GuestDevice, GuestFacts, GuestRoute, GuestRule } from "./guests/guest.ts";
export type { FilterRule, FilterTable } from "./guests/packet-filter.ts";
export {
  type InputFile,
  type Intake,
  openCapture,
  openList,
  openLongLog,
  type TakenFile,
  takeIn,
} from "./intake/intake.ts";
export { type DiffPiece, diffOf } from "./map/diff.ts";
export { type EstateMap, type InterfaceMap, mapEstate } from "./map/estate-map.ts";
export { type Partner, type PartnerTarget, parsePartnerTarget, readPartners } from "./map/partners.ts";
export { type MapPiece, piecesOf as mapPiecesOf } from "./map/pieces.ts";
export { type Summary, summaryOf } from "./map/summary.ts";
export type { TrafficShown } from "./map/traffic.ts";
export type * from "./model/egress.ts";
export type { Estate, Host, Interface } from "./model/estate.ts";
export type { Match, Protocol } from "./model/flow.ts";
export type { EgressIdentity, Stability, TranslatorKind } from "./model/identity.ts";
export type { Ask, Assumption, Fate, Runner, Step } from "./model/outcome.ts";
export type { Rule } from "./model/rule.ts";
export { parseTarget, type Target } from "./model/target.ts";
export { allRules } from "./output/all-rules.ts";
export { ALLOW_FORMATS, type AllowFormat, isAllowFormat } from "./output/allow/formats.ts";
export { text as allowText } from "./output/allow/plain.ts";
export type { AllowWriter } from "./output/allow/writing.ts";
export { DIFF_CSV_HEADER, diffCsv, diffJson, diffMarkdown, diffText, type ToTell, toTell } from "./output/diff-text.ts";
export { groupJson, type Language, observationsJson, problemsJson, verdictJson } from "./output/json.ts";
export { MAP_CSV_HEADER, pieceCsv, pieceJson } from "./output/map-json.ts";
export { mapText, summaryText } from "./output/map-text.ts";
export { CERTAINTY_WORD, STABILITY_WORD, seenWords } from "./output/map-words.ts";
export { evidenceText, STRENGTH } from "./output/read-text.ts";
export { RULE_MARKS, rulesJson, rulesText, ruleText } from "./output/rules-text.ts";
export {
  CERTAINTY,
  clean,
  EFFECT,
  groupText,
  headline,
  type Paint,
  PLAIN,
  problemsText,
  STABILITY,
  type TextOptions,
  TRANSLATOR,
  verdictText,
} from "./output/text.ts";
export { trafficOfRow } from "./output/traffic-words.ts";
export type { Origin, Problem, Read, Text } from "./problem.ts";
export type { Asked } from "./resolve/asked.ts";
export { type Contender, contendersOf } from "./resolve/contest.ts";
export { findSender } from "./resolve/find-sender.ts";
export { egressMapOf, type FlowOutcome, outcomesAt } from "./resolve/resolve.ts";
export { noAddressOfFamily } from "./resolve/rules.ts";
export { defaultInterface, type Sender } from "./resolve/sender.ts";
export {
  joinConfig,
  type OpenedScenario,
  openScenario,
  readScenario,
  readScenarioBase,
  type Scenario,
} from "./scenario/scenario.ts";
export { type ChecksumTest, checksumTests, saysChecksum } from "./verdict/checksum.ts";
export { type Explained, explain, type Given, needsResolver } from "./verdict/explain.ts";
export type { GroupVerdict } from "./verdict/group.ts";
export { type Prediction, predictionOf } from "./verdict/predict.ts";
export {
  type Certainty,
  type Effect,
  exitStatusOf,
  type Flow,
  type JudgedOutcome,
  type Verdict,
} from "./verdict/verdict.ts";
export { shortly } from "./verdict/words.ts";
export { serverNameIn } from "./witness/client-hello.ts";
export {
  bytesOfMark,
  MARK_BYTES,
  type Mark,
  markIn,
  markInBytes,
  markName,
  markOf,
  markWord,
  parseMark,
} from "./witness/mark.ts";
export { connectionsFor, unseenAtMost } from "./witness/pool.ts";
export { PROBE_SCHEMA, parseProbeFile, type Try } from "./witness/probe-file.ts";
export { LONGEST_PROXY_HEADER, readProxyHeader } from "./witness/proxy-header.ts";
export {
  type Crypto,
  type End,
  endText,
  isGenuine,
  LISTENER_KINDS,
  type ListenerKind,
  leafHash,
  mostInATree,
  parseReceipt,
  type Receipt,
  receiptBody,
  receiptLine,
  receiptsIn,
  type Sighting,
  signedText,
  treeOf,
} from "./witness/receipt.ts";
export { parseSighting, sightingLine } from "./witness/sighting-line.ts";
export { readStunAnswer, readStunRequest, stunAnswer, stunRequest } from "./witness/stun.ts";
