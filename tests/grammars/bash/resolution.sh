#!/usr/bin/env bash
set -euo pipefail

readonly BACKUPS="${HOME}/backups" # @BACKUPS
#        ^ -> here
#                   ^ -> none
keep=${1:-7} # @keep
# <- -> here
#      ^ -> member
export LOG="$BACKUPS/log" # @LOG
#      ^ -> here
#            ^ -> @BACKUPS
declare -A sizes # @sizes
#          ^ -> here
declare -i n_files=0 # @n_files
names=() # @names
source "$(dirname "$0")/common.sh"
#                   ^ -> member

# Writes a line to the log.
log() { # @log
# <- -> here
  local level=$1 message # @level
  #     ^ -> here
  message="[$level] $2"
  #          ^ -> @level
  #                  ^ -> member
  echo "${message}" >> "$LOG"
# ^ -> none
  #       ^ -> @level
  #                      ^ -> @LOG
  last=$message # @last
# ^ -> here
  #     ^ -> @level
}

function archive { # @archive
#        ^ -> here
  local -r folder="$1" # @folder
  local file names=1 # @file
  for path in "$folder"/*; do # @path
  #   ^ -> here
  #             ^ -> @folder
    file=$(basename "$path")
    #      ^ -> none
    #                 ^ -> @path
    sizes["$file"]=$(stat -c %s "$path")
#   ^ -> @sizes
    #       ^ -> @file
    n_files+=1
#   ^ -> @n_files
    log info "$file ${sizes[$file]} $names"
#   ^ -> @log
    #          ^ -> @file
    #                 ^ -> @sizes
    #                        ^ -> @file
    #                                ^ -> @file
  done
  if compress "$folder" && [[ -n $status ]]; then
  #  ^ -> @compress
  #                               ^ -> @status
    return 1
  fi
  echo "${undefined:-$keep}"
  #       ^ -> none
  #                   ^ -> @keep
}

compress() ( # @compress
# <- -> here
  status=$? # @status
  cd "$1" || exit
  #    ^ -> member
  tar czf "${BACKUPS}/$(stamp).tgz" . | log debug "$(cat)"
  #          ^ -> @BACKUPS
  #                     ^ -> @stamp
  #                                     ^ -> @log
)

stamp() { # @stamp
  local -n target=$1 # @target
  #        ^ -> here
  printf -v formatted '%(%F)T' # @formatted
  #         ^ -> here
  target=$formatted
# ^ -> here
  #       ^ -> @formatted
  declare -g stamped=yes # @stamped
  #          ^ -> here
}

cleanup() { # @cleanup
  echo "$target $message"
  #      ^ -> none
  #              ^ -> none
  unset n_files file
  #     ^ -> @n_files
  #             ^ -> none
  log info "$last $level $stamped $path"
# ^ -> @log
  #          ^ -> @last
  #                ^ -> none
  #                       ^ -> @stamped
  #                                ^ -> @path
}
trap cleanup EXIT
#    ^ -> @cleanup

while IFS=, read -r first rest; do # @first
#                   ^ -> here
  names+=("$first")
  #         ^ -> @first
  names+=("${rest}")
# ^ -> @names
  #          ^ -> @first
done < "$LOG"
#        ^ -> @LOG

total=0 # @total
for ((i = 0; i < ${#names[@]}; i++)); do # @i
#     ^ -> here
#            ^ -> @i
#                   ^ -> @names
#                              ^ -> @i
  ((total += i * keep))
  # ^ -> @total
  #          ^ -> @i
  #              ^ -> @keep
  name=${names[$i]} # @name
  #      ^ -> @names
  #             ^ -> @i
done
((half = total / 2)) # @half
# ^ -> here
#        ^ -> @total
echo "$((half + 1))" "${name##*/}" "${!sizes[@]}" "$#"
#        ^ -> @half
#                       ^ -> @name
#                                      ^ -> @sizes
#                                                   ^ -> nothing

case "$name" in
#      ^ -> @name
  "$BACKUPS"*) archive "$name" ;;
  # ^ -> @BACKUPS
  #            ^ -> @archive
  *) help ;;
  #  ^ -> @help
esac

help() { # @help
  cat <<TEXT
usage: backup [days], now ${keep}, $(stamp)
#                           ^ -> @keep
#                                    ^ -> @stamp
TEXT
  cat <<'TEXT'
$keep
TEXT
}

getopts "k:" option # @option
#            ^ -> here
[ "$option" = k ] && keep=1
#   ^ -> @option
#                    ^ -> here
LANG=C sort "$LOG"
# <- -> here
#      ^ -> none
#             ^ -> @LOG
mapfile -t lines < "$LOG" # @lines
#          ^ -> here
select answer in "${lines[@]}"; do # @answer
#      ^ -> here
#                   ^ -> @lines
  eval "$answer"
# ^ -> none
  #      ^ -> @answer
done
export -f log
#         ^ -> @log
export keep
#      ^ -> @keep
{ inner=$(archive "$BACKUPS"); } # @inner
# ^ -> here
#         ^ -> @archive
#                   ^ -> @BACKUPS
echo "$inner" | while read -r line; do # @line
#      ^ -> @inner
  printf '%s\n' "$line"
  #               ^ -> @line
done
