source ./lib.sh
# <- import
#      ^ import.module
. "$HOME/common.sh" argument
# <- import
# ^ import.module
[ -f local.sh ] && . local.sh
#                  ^ import
#                    ^ import.module
echo source lib.sh
#    ^ !import
