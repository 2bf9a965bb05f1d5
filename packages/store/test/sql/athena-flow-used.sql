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
  WHERE "date" BETWEEN DATE '2026-11-21' AND DATE '2026-11-23'
    AND log_status = 'OK'
    AND action = 'ACCEPT'
    AND flow_direction = 'ingress'
)
SELECT
  'used@1' AS seenas,
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
WHERE at_second <= 1795348799
  AND until_second >= 1795305600
  AND address IS NOT NULL
  AND (workload IN ('l3-proxy') OR TRY(CAST(address AS IPADDRESS)) = CAST('10.72.2.222' AS IPADDRESS) OR TRY(CAST(address AS IPADDRESS)) = CAST('2001:db8::5' AS IPADDRESS))
  AND (destination_address IS NULL OR (contains('198.51.100.0/24', TRY(CAST(destination_address AS IPADDRESS))) OR contains('2001:db8::/32', TRY(CAST(destination_address AS IPADDRESS)))) AND (destination_port IS NULL OR destination_port = 25))
  AND (protocol IS NULL OR protocol = 'tcp')
GROUP BY address, workload, before_address, destination_address, destination_port, protocol, evidence_kind, strength
ORDER BY last_seen DESC
