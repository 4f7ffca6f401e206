// glibc's allocator controls, which its Swift module leaves out.
#include <malloc.h>
