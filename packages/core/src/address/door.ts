/** `@seenas/core/address`: addresses alone, for what must start without the rest of the engine. */
export {
  addressOf,
  type Cidr,
  familyOfCidr,
  hostCidr,
  isHost,
  isPrivate,
  lengthOf,
  parseCidr,
  rangeOf,
} from "./cidr.ts";
export { familyOf, type Ip, ipFromNumber, ipToNumber, ipv4ToNumber, parseIp } from "./ip.ts";
