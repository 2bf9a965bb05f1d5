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
  WHERE timestamp >= TIMESTAMP '2026-11-22T08:59:58.123456Z'
    AND timestamp < TIMESTAMP '2026-11-23T09:00:02.123456Z'
    AND _TABLE_SUFFIX >= '20261121'
    AND _TABLE_SUFFIX <= '20261123'
    AND NULLIF(jsonPayload.allocation_status, '') = 'OK'
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
