WITH records AS (
  SELECT
    timestamp AS at_time,
    timestamp AS until_time,
    NULLIF(jsonPayload.connection.nat_ip, '') AS address,
    CAST(jsonPayload.connection.nat_port AS INT64) AS port,
    NULLIF(jsonPayload.endpoint.vm_name, '') AS workload,
    NULLIF(jsonPayload.connection.src_ip, '') AS before_address,
    CAST(jsonPayload.connection.src_port AS INT64) AS before_port,
    NULLIF(jsonPayload.connection.dest_ip, '') AS destination_address,
    CAST(jsonPayload.connection.dest_port AS INT64) AS destination_port,
    CASE CAST(jsonPayload.connection.protocol AS INT64) WHEN 6 THEN 'tcp' WHEN 17 THEN 'udp' WHEN 1 THEN 'icmp' WHEN 58 THEN 'icmp' END AS protocol,
    CONCAT(NULLIF(jsonPayload.gateway_identifiers.router_name, ''), '/', NULLIF(jsonPayload.gateway_identifiers.gateway_name, '')) AS reporter,
    'cloud-nat-log' AS evidence_kind,
    'translator-logged' AS strength
  FROM `my-project.my_dataset.compute_googleapis_com_nat_flows_*`
  WHERE timestamp >= TIMESTAMP '2026-11-22T00:00:00.000000Z'
    AND _TABLE_SUFFIX >= '20261121'
    AND NULLIF(jsonPayload.allocation_status, '') = 'OK'
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
