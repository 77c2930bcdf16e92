/* Which symbols of libcopydesk are public: only those marked DESK_API; everything else is hidden.
 */
#ifndef COPYDESK_EXPORT_H
#define COPYDESK_EXPORT_H

#if defined(__GNUC__)
#define DESK_API       __attribute__((visibility("default")))
#define DESK_NODISCARD __attribute__((warn_unused_result))
#else
#define DESK_API
#define DESK_NODISCARD
#endif

#endif
