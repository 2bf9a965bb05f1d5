WITH records AS (
  SELECT
    timestamp AS at_time,
    timestamp AS until_time,
    NULLIF(JSON_VALUE(json_payload.connection.nat_ip), '') AS address,
    SAFE_CAST(JSON_VALUE(json_payload.connection.nat_port) AS INT64) AS port,
    NULLIF(JSON_VALUE(json_payload.endpoint.vm_name), '') AS workload,
    NULLIF(JSON_VALUE(json_payload.connection.src_ip), '') AS before_address,
    SAFE_CAST(JSON_VALUE(json_payload.connection.src_port) AS INT64) AS before_port,
    NULLIF(JSON_VALUE(json_payload.connection.dest_ip), '') AS destination_address,
    SAFE_CAST(JSON_VALUE(json_payload.connection.dest_port) AS INT64) AS destination_port,
    CASE SAFE_CAST(JSON_VALUE(json_payload.connection.protocol) AS INT64) WHEN 6 THEN 'tcp' WHEN 17 THEN 'udp' WHEN 1 THEN 'icmp' WHEN 58 THEN 'icmp' END AS protocol,
    CONCAT(NULLIF(JSON_VALUE(json_payload.gateway_identifiers.router_name), ''), '/', NULLIF(JSON_VALUE(json_payload.gateway_identifiers.gateway_name), '')) AS reporter,
    'cloud-nat-log' AS evidence_kind,
    'translator-logged' AS strength
  FROM `my-project.global._Default._AllLogs`
  WHERE timestamp >= TIMESTAMP '2026-11-22T08:59:58.123456Z'
    AND timestamp < TIMESTAMP '2026-11-23T09:00:02.123456Z'
    AND log_id = 'compute.googleapis.com/nat_flows'
    AND NULLIF(JSON_VALUE(json_payload.allocation_status), '') = 'OK'
)
SELECT
  'who@1' AS seenas,
  address,
  port,
  workload,
  before_address,
  before_port,
  destination_address,
  destination_port,
  protocol,
  reporter,
  evidence_kind,
  strength,
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E6SZ', at_time) AS first_seen,
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E6SZ', until_time) AS last_seen,
  1 AS row_count
FROM records
WHERE at_time <= TIMESTAMP '2026-11-22T09:00:02.123456Z'
  AND until_time >= TIMESTAMP '2026-11-22T08:59:58.123456Z'
  AND address IS NOT NULL
  AND NET.SAFE_IP_FROM_STRING(address) = NET.IP_FROM_STRING('203.0.113.7')
  AND (port IS NULL OR port = 1024)
  AND (destination_address IS NULL OR NET.SAFE_IP_FROM_STRING(destination_address) = NET.IP_FROM_STRING('198.51.100.25') AND (destination_port IS NULL OR destination_port = 25))
ORDER BY first_seen DESC
