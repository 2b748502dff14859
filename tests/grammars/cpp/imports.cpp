#include <vector>
// <- import
//       ^ import.module
using namespace std;
// <- import
//              ^ import.module
using std::string;
// <- import
//    ^ import.module
//         ^ import.name
using namespace std::chrono;
// <- import
//              ^ import.module
namespace fs = std::filesystem;
// <- import
//        ^ import.alias
//             ^ import.module
using Names = std::vector<string>;
// <- !import

int main() {
  using std::swap;
  // <- import
  //    ^ import.module
  //         ^ import.name
}
