# godrift's hook for zsh: says in one line when this shell's Go is not the one that the workspace agreed upon.
typeset -g __godrift_key='' __godrift_said=''
__godrift_same() { return 1; }
__godrift_look() {
  emulate -L zsh
  local dir=$PWD key
  until [[ -e $dir/go.mod || -e $dir/go.work || -e $dir/godrift.toml ]]; do
    if [[ -z $dir ]]; then
      __godrift_key='' __godrift_said=''
      return 0
    fi
    dir=${dir%/*}
  done
  key="$dir|@variables@"
  if [[ $key == "$__godrift_key" ]] && __godrift_same @stamps@/$$; then
    return 0
  fi
  __godrift_key=$key
  [[ -x @program@ ]] || return 0
  builtin eval "$(@program@ hook status zsh @stamps@/$$ "$dir/" "$__godrift_said" </dev/null)"
}
__godrift_prompt() {
  local __godrift_status=$?
  if [[ -t 2 ]]; then
    __godrift_look || :
  fi
  [[ -o err_exit || -o err_return ]] && return 0
  return $__godrift_status
}
typeset -ga precmd_functions
if [[ "${precmd_functions[(r)__godrift_prompt]-}" != __godrift_prompt ]]; then
  precmd_functions=(__godrift_prompt $precmd_functions)
fi
