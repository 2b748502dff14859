limit=3
# <- tag.definition.variable
# <- name
export LOG="$HOME/log"
#      ^ tag.definition.variable
#            ^ tag.reference.name

greet() {
# <- tag.definition.function
  local name=$1
  #     ^ !tag.definition
  #           ^ !tag.reference
  count=1
# ^ !tag.definition
  echo "${name}"
# ^ tag.reference.call
  #       ^ tag.reference.name
}

greet "you"
# <- tag.reference.call
