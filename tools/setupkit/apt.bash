# Part of tools/setup: which packages there are, and apt at work: locks are waited for, progress is shown.
# shellcheck shell=bash disable=SC2154  # what is not set here, tools/setup sets

# ---- choosing packages ------------------------------------------------------------------------

apt_options=()  # SETUP=user may need package lists of its own

has_candidate() {
    LC_ALL=C apt-cache ${apt_options[@]+"${apt_options[@]}"} policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'
}

packages=()
unknown=()
choose() {
    local m names optional name found
    packages=()
    unknown=()
    for m in "${missing[@]}"; do
        IFS='|' read -r names optional _ <<<"$m"
        found=
        for name in ${names//\// }; do
            if has_candidate "$name"; then found=$name; break; fi
        done
        if [ -n "$found" ]; then packages+=("$found")
        elif [ "$optional" = no ]; then unknown+=("${names//\// or }")
        fi
    done
}

# ---- running apt -------------------------------------------------------------------------------

LOCKED='Could not get lock|Unable to (lock|acquire)|is another process using it'
seconds_between=${SETUP_SECONDS:-10}    # lines of progress, and looks at a lock; a test has no time

# Runs apt: what it says goes to $log, a line of progress now and then goes to the user, with a terminal or without.
# A lock that another program holds (unattended upgrades, a second shell) is waited for.
apt() { # WHAT-IT-DOES COMMAND...
    local what=$1 told='' pid status waited
    shift
    while true; do
        "$@" >"$log" 2>&1 &
        pid=$!
        waited=0
        while kill -0 "$pid" 2>/dev/null; do
            sleep 0.2
            waited=$((waited + 1))
            [ $((waited % (seconds_between * 5))) -ne 0 ] || say "still $what: $(tail -n 1 "$log" | cut -c 1-100)"
        done
        wait "$pid"
        status=$?
        grep -q -E "$LOCKED" "$log" || return $status
        [ -n "$told" ] || say "waiting: $(grep -o -E "($LOCKED).*" "$log" | head -1); another program is installing packages"
        told=yes
        sleep "$seconds_between"
    done
}

lists_are_there() { # FOLDER
    [ -n "$(find "$1" -maxdepth 1 -name '*Packages*' -print -quit 2>/dev/null)" ]
}

last_words() { grep -v '^W: Some index files' "$log" | tail -n 1 | cut -c 1-200; }

# Ends unless every package is known; `unknown` can be believed only if the lists were read.
all_are_known() { # FOLDER-OF-LISTS FETCHED?
    [ ${#unknown[@]} -gt 0 ] || return 0
    if ! lists_are_there "$1"; then
        say "the package lists cannot be fetched (no network?): $(last_words)"
    elif [ "$2" = no ]; then
        say "the package lists cannot be fetched ($(last_words)), and those that are here do not know ${unknown[*]}"
    else
        say "this distribution ($release) has no package ${unknown[*]}: expected Debian 12 or later, or Ubuntu 24.04 or later (with universe)"
    fi
    exit 3
}

# ---- installing for everybody -----------------------------------------------------------------

install_for_all() { # [sudo...]
    # What cannot be seen without root is the state of the package lists: fetch them when they know too little.
    local lists=/var/lib/apt/lists fetched=yes
    choose
    if [ ${#unknown[@]} -gt 0 ] || ! lists_are_there "$lists"; then
        say "will run: ${*:+$* }apt-get update"
        if ! apt 'fetching the package lists' "$@" apt-get update -q || grep -q '^[EW]: Failed to fetch' "$log"; then
            fetched=no
            say "apt-get update failed ($(last_words)); going on with the package lists that are there"
        fi
        choose
    fi
    all_are_known "$lists" $fetched
    [ ${#packages[@]} -gt 0 ] || return 0
    say "will run: ${*:+$* }apt-get install --yes --no-install-recommends ${packages[*]}"
    apt 'installing packages' "$@" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -q \
        -o Dpkg::Use-Pty=0 "${packages[@]}" || {
        tail -20 "$log"
        say "apt-get failed (above); mend it and run the same command again"
        exit 3
    }
}
