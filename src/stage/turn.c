/* What a turn keeps for the one who ends it. */
#include "stage/turn.h"

#include <stdarg.h>
#include <stdio.h>

#include "article/article.h"

desk_status turn_refuse(struct desk_article *article, const char *format, ...)
{
    va_list arguments;
    if (!article || !article->turn || article->turn->fault[0])
        return DESK_EARGUMENT;
    va_start(arguments, format);
    vsnprintf(article->turn->fault, sizeof article->turn->fault, format, arguments);
    va_end(arguments);
    return DESK_EARGUMENT;
}
