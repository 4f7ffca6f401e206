// hiredis, the C client of Redis (0.14, Debian's libhiredis-dev).
#include <hiredis/hiredis.h>
