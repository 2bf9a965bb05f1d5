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
  WHERE timestamp >= TIMESTAMP '2026-11-22T00:00:00.000000Z'
    AND log_id = 'compute.googleapis.com/nat_flows'
    AND NULLIF(JSON_VALUE(json_payload.allocation_status), '') = 'OK'
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
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E6SZ', MIN(at_time)) AS first_seen,
  FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E6SZ', MAX(until_time)) AS last_seen,
  COUNT(*) AS row_count
FROM records
WHERE until_time >= TIMESTAMP '2026-11-22T00:00:00.000000Z'
  AND address IS NOT NULL
  AND NET.SAFE_IP_FROM_STRING(address) = NET.IP_FROM_STRING('2001:db8::7')
GROUP BY address, workload, before_address, destination_address, destination_port, protocol, evidence_kind, strength
ORDER BY last_seen DESC
