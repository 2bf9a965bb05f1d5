/**
 * What a host knows of its own network, asked by a POSIX shell: dash, BusyBox and bash alike. Each part is printed below
 * a prompt with its command, which is how the readers of guests tell them apart.
 *
 * @param to `HOST:PORT`; null: only the host's own tables
 */
export const hostScript = (to: { readonly host: string; readonly port: number } | null): string =>
  `${HEAD}
host=${to === null ? "" : `'${to.host}'`}
port=${to === null ? "" : to.port}
${BODY}`;

const HEAD = `#!/bin/sh
# Gathers what this host knows of its network for seenas. Needs no root (more is seen with it), installs nothing, changes
# nothing, writes one file: seenas-host-NAME.txt. Read it, run it (sh FILE), send that file back.`;

const BODY = String.raw`name=$(hostname 2>/dev/null || cat /etc/hostname 2>/dev/null || echo host)
file=seenas-host-$name.txt
umask 077
set -f
PATH=$PATH:/usr/sbin:/sbin

have() { command -v "$1" >/dev/null 2>&1; }

# limit SECONDS COMMAND...: nothing here may wait for ever
limit() {
  seconds=$1
  shift
  if have timeout; then timeout "$seconds" "$@"; return; fi
  "$@" &
  child=$!
  (sleep "$seconds"; kill "$child" 2>/dev/null) >/dev/null 2>&1 &
  watch=$!
  wait "$child"
  kill "$watch" 2>/dev/null
}

# show COMMAND...: its prompt, and what it prints
show() {
  echo
  echo "\$ $*"
  limit 20 "$@" 2>/dev/null </dev/null || echo "# it ended with status $?"
}

tables() {
  if have ip; then
    show ip addr
    show ip -4 rule show
    show ip -6 rule show
    show ip -4 route show table all
    show ip -6 route show table all
  else
    show ifconfig -a
    show route -n
    show netstat -rn
  fi
}

proxies() {
  echo
  echo '$ env | grep -i proxy'
  # Without names and passwords in front of a host.
  env | grep -iE '^(https?|ftp|all|no|socks)_proxy=' | sed 's|://[^/@]*@|://(removed)@|; s|=[^/@]*@|=(removed)@|'
}

# Only root may see them; an empty list of one who may not is no answer.
translations() {
  if [ "$(id -u)" != 0 ]; then
    echo
    echo '# NAT rules: not shown, only root may'
    return
  fi
  if have nft; then show nft list ruleset; fi
  if have iptables-save; then show iptables-save -t nat; show iptables-save -t mangle; fi
  if have ip6tables-save; then show ip6tables-save -t nat; show ip6tables-save -t mangle; fi
  # Beside the one on nftables there may be the older one, which is another filter.
  if [ -s /proc/net/ip_tables_names ] && have iptables-legacy-save; then show iptables-legacy-save; fi
}

# TCP to the port itself where that is allowed: routers and firewalls may treat other probes in another way.
path() {
  have traceroute || { echo; echo '# traceroute: not there'; return; }
  echo
  if limit 5 traceroute -n -T -p "$port" -m 1 -q 1 -w 1 "$host" >/dev/null 2>&1; then
    echo "\$ traceroute -n -T -p $port -q 1 -w 2 -m 20 $host"
    limit 45 traceroute -n -T -p "$port" -q 1 -w 2 -m 20 "$host" 2>&1 </dev/null
  else
    echo "\$ traceroute -n -q 1 -w 2 -m 20 $host"
    limit 45 traceroute -n -q 1 -w 2 -m 20 "$host" 2>&1 </dev/null
  fi
}

# Nobody can guess it: the line of the destination's log that shows it is this run's.
mark=$(od -An -N12 -tx1 /dev/urandom 2>/dev/null | tr -d ' \n')
helo=$name
[ "$(printf %s "$mark" | wc -c)" -ne 24 ] || helo=seenas-$mark.invalid

# What the destination says of itself, and a hello in its protocol: it often names the source it sees.
hello() {
  case $port in 80 | 8000 | 8080) printf 'GET /seenas-%s HTTP/1.0\r\nHost: %s\r\n\r\n' "$mark" "$to" ;; esac
  sleep 3
  case $port in 25 | 587 | 2525) printf 'EHLO %s\r\n' "$helo"; sleep 3; printf 'QUIT\r\n'; sleep 1 ;; esac
}

greeting() {
  to=$host
  case $host in *:*) to="[$host]" ;; esac
  [ "$helo" = "$name" ] || echo "# seenas mark $mark to $to:$port at $(date -u +%Y-%m-%dT%H:%M:%SZ)"
  case $port in
    25 | 587 | 2525)
      if have curl; then
        echo
        echo "\$ curl -v --max-time 20 smtp://$to:$port/$helo"
        limit 25 curl -sv --max-time 20 "smtp://$to:$port/$helo" 2>&1 </dev/null | head -c 20000
        return
      fi ;;
  esac
  have nc || { echo; echo '# greeting: neither curl nor nc is there'; return; }
  echo
  echo "\$ nc $host $port"
  # Marked as curl marks them, the hello behind the greeting that it answers.
  hello | limit 20 nc "$host" "$port" 2>/dev/null | head -c 20000 | tr -d '\r' |
    sed "s/^/< /; /^< 220 /a\\
> EHLO $helo"
}

gather() {
  echo "# seenas collect host 1"
  echo "# $(date -u +%Y-%m-%dT%H:%M:%SZ) $name, $(uname -srm), user $(id -un 2>/dev/null || id -u)"
  tables
  show cat /etc/resolv.conf
  proxies
  translations
  [ -n "$host" ] || return 0
  case $host in *[!0-9.]*) ;; *) show ip route get "$host" ;; esac
  show getent hosts "$host"
  path
  greeting
}

gather >"$file" && echo "send back $file" >&2
`;
