# godrift's hook for fish: says in one line when this shell's Go is not the one that the workspace agreed upon.
set -g __godrift_key ''
set -g __godrift_said ''
function __godrift_same
    return 1
end
function __godrift_look
    set -l dir $PWD
    while not test -e $dir/go.mod -o -e $dir/go.work -o -e $dir/godrift.toml
        if test -z "$dir"
            set -g __godrift_key ''
            set -g __godrift_said ''
            return 0
        end
        set dir (string replace -r '/[^/]*$' '' -- $dir)
    end
    set -l key "$dir|@variables@"
    set -l stamp @stamps@/$fish_pid
    if test "$key" = "$__godrift_key"; and __godrift_same $stamp
        return 0
    end
    set -g __godrift_key $key
    if test -x @program@
        @program@ hook status fish $stamp $dir/ "$__godrift_said" </dev/null | source
    end
end
function __godrift_prompt --on-event fish_prompt
    set -l last $status
    if isatty stderr
        __godrift_look
    end
    return $last
end
