/** The same as `hostScript` for Windows PowerShell 5. */
export const hostPowershell = (to: { readonly host: string; readonly port: number } | null): string =>
  `${HEAD}
$target = '${to?.host ?? ""}'
$port = ${to?.port ?? 0}
${BODY}`.replaceAll("\n", "\r\n");

const HEAD = `# Gathers what this host knows of its network for seenas. Needs no administrator, installs nothing, changes nothing,
# writes one file: seenas-host-NAME.txt. Read it, run it (powershell -ExecutionPolicy Bypass -File FILE), send that file back.`;

const BODY = String.raw`$file = Join-Path (Get-Location) ("seenas-host-" + $env:COMPUTERNAME + ".txt")
$lines = New-Object System.Collections.Generic.List[string]
function Say([string] $text) { $lines.Add($text) }

# Its prompt, and what it prints; a command that is not there or takes too long is passed over.
function Show([string] $command, [int] $seconds = 20) {
  Say ""
  Say ("PS C:\> " + $command)
  $job = Start-Job -ScriptBlock { param($c) Invoke-Expression $c 2>$null | Out-String -Width 300 } -ArgumentList $command
  if (Wait-Job $job -Timeout $seconds) { foreach ($line in ((Receive-Job $job) -split "\r?\n")) { Say $line } }
  else { Say "# it took too long" }
  Remove-Job $job -Force
}

Say "# seenas collect host 1"
Say ("# " + (Get-Date).ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ") + " " + $env:COMPUTERNAME)
Show "route print"
Show "ipconfig /all"
Show "Get-NetIPAddress | Select-Object InterfaceIndex, InterfaceAlias, IPAddress, PrefixLength, AddressFamily, AddressState, SkipAsSource | ConvertTo-Json"
Show "Get-NetIPInterface | Select-Object ifIndex, InterfaceAlias, AddressFamily, InterfaceMetric, ConnectionState | ConvertTo-Json"
Show "Get-DnsClientServerAddress | Format-Table -AutoSize"
Show "netsh winhttp show proxy"
Show "Get-NetNat | Format-List"
Say ""
Say "# proxies in the environment"
Get-ChildItem Env: | Where-Object { $_.Name -match '^(https?|ftp|all|no)_proxy$' } | ForEach-Object {
  # Without names and passwords in front of a host.
  Say ($_.Name + "=" + ($_.Value -replace '://[^/@]*@', '://(removed)@'))
}

if ($target -ne "") {
  Show ("tracert -d -h 20 -w 1000 " + $target) 75
  Say ""
  Say ("PS C:\> telnet " + $target + " " + $port)
  $client = New-Object System.Net.Sockets.TcpClient
  try {
    if ($client.ConnectAsync($target, $port).Wait(10000)) {
      $stream = $client.GetStream()
      $stream.ReadTimeout = 8000
      $reader = New-Object System.IO.StreamReader($stream)
      if (@(25, 587, 2525) -contains $port) {
        do { $line = $reader.ReadLine(); Say ("< " + $line) } while ($line -match '^220-')
        $hello = [System.Text.Encoding]::ASCII.GetBytes("EHLO " + $env:COMPUTERNAME + "${"`r`n"}")
        $stream.Write($hello, 0, $hello.Length)
        Say ("> EHLO " + $env:COMPUTERNAME)
        $count = 0
        do { $line = $reader.ReadLine(); Say ("< " + $line); $count++ } while ($line -match '^250-' -and $count -lt 50)
      } else { Say ("< " + $reader.ReadLine()) }
    } else { Say "# no connection within 10 seconds" }
  } catch { Say ("# " + $_.Exception.Message) } finally { $client.Close() }
}

[System.IO.File]::WriteAllLines($file, $lines)
Write-Host ("send back " + $file)
`;
