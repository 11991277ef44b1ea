# godrift's hook for bash: says in one line when this shell's Go is not the one that the workspace agreed upon.
__godrift_key='' __godrift_said=''
__godrift_same() { return 1; }
__godrift_look() {
  local dir=$PWD key
  until [[ -e $dir/go.mod || -e $dir/go.work || -e $dir/godrift.toml ]]; do
    if [[ -z $dir ]]; then
      __godrift_key='' __godrift_said=''
      return 0
    fi
    dir=${dir%/*}
  done
  key="$dir|@variables@"
  if [[ $key == "$__godrift_key" ]] && __godrift_same @stamps@/"$$"; then
    return 0
  fi
  __godrift_key=$key
  [[ -x @program@ ]] || return 0
  builtin eval "$(@program@ hook status bash @stamps@/"$$" "$dir/" "$__godrift_said" </dev/null)"
}
__godrift_prompt() {
  local status=$?
  if [[ -t 2 ]]; then
    __godrift_look || :
  fi
  case $- in *e*) return 0 ;; esac
  return "$status"
}
case "${PROMPT_COMMAND[*]-}" in
  *__godrift_prompt*) ;;
  *)
    if [[ "$(declare -p PROMPT_COMMAND 2>/dev/null)" == 'declare -a'* ]]; then
      PROMPT_COMMAND=(__godrift_prompt ${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"})
    else
      PROMPT_COMMAND="__godrift_prompt${PROMPT_COMMAND:+;$PROMPT_COMMAND}"
    fi
    ;;
esac
