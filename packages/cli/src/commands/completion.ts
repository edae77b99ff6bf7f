import type { Definition } from '../definition.js'
import { definitions } from '../definitions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Io } from '../io.js'

/** Prints a completion script for bash, and for zsh through its bashcompinit. */
export async function completion(io: Io): Promise<ExitCode> {
  const cases = Object.entries<Definition>(definitions).map(([name, { options, actions = [] }]) => {
    const flags = [...Object.keys(options).map((flag) => `--${flag}`), '--help']
    return `    ${name}) words="${flags.join(' ')}" actions="${actions.join(' ')}" ;;`
  })
  io.stdout(`# Completion for software-statement and ssa: add this to your .bashrc or .zshrc.
if [ -n "\${ZSH_VERSION-}" ]; then autoload -U +X compinit && compinit && autoload -U +X bashcompinit && bashcompinit; fi
_software_statement() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words actions=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${[...Object.keys(definitions), '--help', '--version'].join(' ')}"
  else
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="" ;;
    esac
  fi
  case "$current" in
  -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
  *)
    if [ "$COMP_CWORD" -eq 1 ]; then
      COMPREPLY=($(compgen -W "$words" -- "$current"))
    elif [ "$COMP_CWORD" -eq 2 ] && [ -n "$actions" ]; then
      COMPREPLY=($(compgen -W "$actions" -- "$current"))
    else
      COMPREPLY=($(compgen -f -- "$current"))
    fi
    ;;
  esac
}
complete -o filenames -F _software_statement software-statement ssa
`)
  return exitCodes.accepted
}
