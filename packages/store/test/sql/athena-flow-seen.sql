WITH records AS (
  SELECT
    start AS at_second,
    "end" AS until_second,
    srcaddr AS address,
    CASE WHEN protocol IN (6, 17) THEN srcport END AS port,
    CAST(NULL AS varchar) AS workload,
    CAST(NULL AS varchar) AS before_address,
    CAST(NULL AS integer) AS before_port,
    dstaddr AS destination_address,
    CASE WHEN protocol IN (6, 17) THEN dstport END AS destination_port,
    CASE protocol WHEN 6 THEN 'tcp' WHEN 17 THEN 'udp' WHEN 1 THEN 'icmp' WHEN 58 THEN 'icmp' END AS protocol,
    interface_id AS reporter,
    'aws-flow-log' AS evidence_kind,
    'destination-observed' AS strength
  FROM "vpc_flow_logs"
  WHERE "date" >= DATE '2026-11-21'
    AND log_status = 'OK'
    AND action = 'ACCEPT'
    AND flow_direction = 'ingress'
)
SELECT
  'seen@1' AS seenas,
  address,
  workload,
  before_address,
  destination_address,
  destination_port,
  protocol,
  evidence_kind,
  strength,
  to_iso8601(from_unixtime(MIN(at_second))) AS first_seen,
  to_iso8601(from_unixtime(MAX(until_second))) AS last_seen,
  COUNT(*) AS row_count
FROM records
WHERE until_second >= 1795305600
  AND address IS NOT NULL
  AND TRY(CAST(address AS IPADDRESS)) = CAST('2001:db8::7' AS IPADDRESS)
GROUP BY address, workload, before_address, destination_address, destination_port, protocol, evidence_kind, strength
ORDER BY last_seen DESC
