/** @file
 * Which symbols of libcopydesk are public: those marked DESK_API; everything else is hidden.
 */
#ifndef COPYDESK_EXPORT_H
#define COPYDESK_EXPORT_H

#if defined(__GNUC__)
#define DESK_API       __attribute__((visibility("default"))) /**< public */
#define DESK_NODISCARD __attribute__((warn_unused_result))    /**< the result must be looked at */
#else
#define DESK_API       /**< public */
#define DESK_NODISCARD /**< the result must be looked at */
#endif

#endif
