#!/bin/sh
# Runs a command with TRAINTABLE_TEST_POSTGRES_URL naming a private PostgreSQL on loopback that lives
# only as long as the command. As root the server runs as the user postgres.
set -eu
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$programs" ] || { echo "PostgreSQL is not installed: apt-get install postgresql" >&2; exit 1; }
folder=$(mktemp -d)
as_owner=
if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$folder"
    as_owner='runuser -u postgres --'
fi
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cd "$folder"
$as_owner "$programs/initdb" -D "$folder/data" -U traintable --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
# A test cluster may lose its data in a power cut, so it need not wait for the disk.
$as_owner "$programs/pg_ctl" -D "$folder/data" -w -s -l "$folder/log" \
    -o "-p $port -h 127.0.0.1 -k $folder -c fsync=off -c max_connections=200" start
cd - >/dev/null
stop() {
    $as_owner "$programs/pg_ctl" -D "$folder/data" -m immediate -s stop || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM
TRAINTABLE_TEST_POSTGRES_URL="postgresql://traintable@127.0.0.1:$port/postgres" "$@"
