# shellcheck shell=bash
# A throwaway PostgreSQL, for the scripts beside this one, which source it: they make the folder $work, and call
# stop_postgresql before they throw it away.

# A PostgreSQL of our own, reached through a socket in its own folder: no port, so none that could be taken. Without
# autovacuum: it would tell the planner that tables are empty, whose rows stand in a test's own transaction alone, and a
# list of a thousand rows then took a quarter of an hour.
start_postgresql() {
    [[ -z ${postgresql:-} ]] || return 0
    local bin=() as_owner=() folder=$work/postgresql
    bin=(/usr/lib/postgresql/*/bin)
    mkdir "$folder"
    # initdb refuses to run as root.
    if ((EUID == 0)); then
        as_owner=(runuser -u postgres --)
        chmod 711 "$work"
        chown postgres "$folder"
    fi
    pg_ctl=("${as_owner[@]}" "${bin[-1]}/pg_ctl" --silent --wait --pgdata "$folder/data")
    "${as_owner[@]}" "${bin[-1]}/initdb" --username app --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync \
        "$folder/data" >"$work/postgresql.log"
    "${pg_ctl[@]}" --log "$folder/log" --options \
        "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off -c autovacuum=off -c max_connections=200" start
    postgresql="postgres://app@/postgres?host=$folder"
}

stop_postgresql() {
    if [[ -n ${pg_ctl[*]:-} ]]; then
        "${pg_ctl[@]}" --mode fast stop || true
    fi
}
