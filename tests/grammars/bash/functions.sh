# Says hello.
greet() {
# <- definition.function
# <- name
#       ^ body
  local name=$1
  echo "$name"
}

function other {
#        ^ definition.function
#              ^ body
  :
# ^ stub
}

function third() (
#        ^ definition.function
#                ^ body
  :
# ^ !stub
)

empty-ish() {
# <- definition.function
  # TODO: write it
  :
# ^ stub
  : "${name:=value}"
# ^ !stub
  true
# ^ !stub
}

greet "you"
# <- !definition.function
