/** @file
 * Everything a host needs: one include. docs/library.md is the guide.
 */
#ifndef COPYDESK_COPYDESK_H
#define COPYDESK_COPYDESK_H

#include <copydesk/article.h>
#include <copydesk/engine.h>
#include <copydesk/error.h>
#include <copydesk/export.h>
#include <copydesk/log.h>
#include <copydesk/record.h>
#include <copydesk/rulebook.h>
#include <copydesk/slice.h>
#include <copydesk/stage.h>
#include <copydesk/version.h>

#endif
