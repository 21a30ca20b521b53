# Part of tools/setup: SETUP=user unpacks packages below a cache folder, without root.
# shellcheck shell=bash disable=SC2154  # what is not set here, tools/setup sets

unpack_for_me() {
    case $cache in
        *[!A-Za-z0-9_./+@~=-]*)
            say "SETUP=user cannot unpack below $cache: expected letters, digits and _./+@~=- in the name; set XDG_CACHE_HOME"
            exit 3 ;;
    esac
    mkdir -p "$cache/$release"/{archives/partial,lists/partial} "$root" "$bin" 2>/dev/null || {
        say "SETUP=user cannot make its folder below $cache: $(why_not_written "$cache"); set XDG_CACHE_HOME to another"
        exit 3
    }
    # Two shells of one user must not unpack into one folder at a time.
    exec 8>"$cache/$release/lock"
    if ! flock -n 8; then
        say "waiting: another SETUP=user is unpacking into $cache"
        flock 8
        look
        [ ${#missing[@]} -gt 0 ] || return 0
    fi
    local lists=/var/lib/apt/lists fetched=yes
    choose
    if [ ${#unknown[@]} -gt 0 ]; then
        # The system's package lists are missing or too old: keep lists of our own. apt checks their signatures all the same.
        lists=$cache/$release/lists
        apt_options=(-o "Dir::State::Lists=$lists" -o "Dir::Cache=$cache/$release")
        say "will fetch the package lists into $lists"
        if ! apt 'fetching the package lists' apt-get "${apt_options[@]}" update -q || grep -q '^[EW]: Failed to fetch' "$log"; then
            fetched=no
        fi
        choose
    fi
    all_are_known "$lists" $fetched
    [ ${#packages[@]} -gt 0 ] || return 0

    # Ask apt what it would install; everything of that which the system lacks is unpacked. Upgrades are not
    # needed, and a second C library beside the system's loader would be fatal.
    local plan
    plan=$(LC_ALL=C apt-get ${apt_options[@]+"${apt_options[@]}"} -s install --no-install-recommends "${packages[@]}" 2>&1) || {
        printf '%s\n' "$plan" | tail -5
        say "apt finds no way to install ${packages[*]} (above)"
        exit 3
    }
    local list
    list=$(printf '%s\n' "$plan" | sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1=\2/p')
    say "will unpack $(printf '%s\n' "$list" | wc -l) packages below $root (SETUP=user):"
    say "  ${packages[*]} and what they need"
    (
        cd "$cache/$release/archives" || exit 1
        # shellcheck disable=SC2086  # one word a package
        apt 'fetching packages' apt-get ${apt_options[@]+"${apt_options[@]}"} -q download $list || { last_words; exit 1; }
        count=0
        for deb in *.deb; do
            dpkg -x "$deb" "$root" || exit 1
            rm -f "$deb"
            count=$((count + 1))
            [ $((count % 25)) -ne 0 ] || say "unpacked $count packages"
        done
    ) || { say "fetching or unpacking failed: no network, or the disk is full? See df -h $cache"; exit 3; }
    finish_root
}

# dpkg -x runs no package's own scripts and knows nothing of the new place: mend what depends on either.
finish_root() {
    local link target base name folder
    # Older packages still have files in /bin and /lib, which are links to /usr in the system itself.
    for folder in bin sbin lib lib64; do
        if [ -d "$root/$folder" ] && [ ! -L "$root/$folder" ]; then
            mkdir -p "$root/usr/$folder" && cp -a "$root/$folder/." "$root/usr/$folder/" && rm -rf "${root:?}/$folder"
        fi
        if [ -d "$root/usr/$folder" ]; then ln -sfn "usr/$folder" "$root/$folder"; fi
    done
    # Links to absolute names point outside: turn them into the folder.
    while IFS= read -r link; do
        target=$(readlink "$link")
        if [ -e "$root$target" ] && ! [ "$link" -ef "$root$target" ]; then ln -sfn "$root$target" "$link"; fi
    done < <(find "$root" -type l -lname '/*')
    # A relative link may lead to a file of a package that the system has and the folder lacks (mkdocs's to jQuery): lend it.
    while IFS= read -r link; do
        target=$(readlink -m "$link")
        base=${target#"$root"}
        if [ "$base" != "$target" ] && [ -e "$base" ] && [ ! -e "$target" ]; then
            mkdir -p "${target%/*}" && ln -sfn "$base" "$target"
        fi
    done < <(find "$root" -xtype l)
    # A compiler for this machine links with the C library of the system, which stays where it is.
    if [ -d "$root/usr/include/c++" ] && [ ! -e /usr/include/stdio.h ]; then
        for target in /lib/*-linux-gnu/lib{c,m,mvec,dl,rt,pthread,resolv,gcc_s}.so.* /usr/lib/*-linux-gnu/libstdc++.so.6 \
            /lib/*-linux-gnu/ld-linux*.so.* /lib64/ld-linux*.so.*; do
            link=$root/usr/${target#/}
            link=${link/#"$root/usr/usr/"/"$root/usr/"}
            if [ -e "$target" ] && [ ! -e "$link" ]; then mkdir -p "${link%/*}" && ln -sfn "$target" "$link"; fi
        done
        [ -d "$root/usr/lib64" ] && ln -sfn usr/lib64 "$root/lib64"
    fi
    # The loader's search path: every folder of libraries that was unpacked.
    find "$root/usr/lib" -name '*.so.*' -printf '%h\n' 2>/dev/null |
        grep -v -e /python3 -e /gconv -e '/gcc-cross/' -e '-linux-gnu/lib$' | sort -u | paste -sd: >"$cache/$release/libraries"
    cat >"$bin/.wrapper" <<'WRAPPER'
#!/usr/bin/env bash
# Runs a command that tools/setup unpacked below ../root, telling it where its files are.
name=${0##*/}
here=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
root=$here/root
export LD_LIBRARY_PATH=$(cat "$here/libraries")${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
case $name in
    qemu-system-*) set -- -L "$root/usr/share/qemu" "$@" ;;
    python3)
        export PYTHONPATH=$root/usr/lib/python3/dist-packages${PYTHONPATH:+:$PYTHONPATH}
        [ -x "$root/usr/bin/python3" ] || exec /usr/bin/python3 "$@" ;;
    dot)
        export GVBINDIR=$(echo "$root"/usr/lib/*/graphviz)
        [ -d /etc/fonts ] || export FONTCONFIG_PATH=$root/etc/fonts FONTCONFIG_SYSROOT=$root ;;
    gdb-multiarch) set -- --data-directory="$root/usr/share/gdb" "$@" ;;
    gcc|g++|clang|clang++|"$(uname -m)"-linux-gnu-g*)
        if [ -d "$root/usr/include/c++" ] && [ ! -e /usr/include/stdio.h ]; then
            set -- "--sysroot=$root" "-Wl,-rpath,$(echo "$root"/usr/lib/*-linux-gnu | tr ' ' :)" "$@"
        fi ;;
esac
exec "$root/usr/bin/$name" "$@"
WRAPPER
    chmod +x "$bin/.wrapper"
    for name in "$root"/usr/bin/*; do
        base=${name##*/}
        [ -x "$name" ] && ln -sfn .wrapper "$bin/$base"
    done
    ln -sfn .wrapper "$bin/python3"
    if [ -x "$bin/dot" ]; then "$bin/dot" -c || true; fi
    hash -r
    PATH=$bin:$PATH
}
