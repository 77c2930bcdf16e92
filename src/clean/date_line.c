/* The line is folded and cut into numbers, words and marks; a few shapes are tried at each place.
 */
#include "clean/date_line.h"

#include "base/slice.h"
#include "text/fold.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum { TOKENS_MAX = 64, YEAR_MIN = 1990, YEAR_MAX = 2100 };

enum token_kind { TOKEN_NUMBER, TOKEN_WORD, TOKEN_MARK };

struct date_token {
    desk_slice text; /* folded */
    int32_t value;   /* of numbers */
    uint8_t digits;
    uint8_t kind;
    bool after_space;
};

struct line {
    const struct date_reader *reader;
    char folded[2 * DATE_LINE_BYTES_MAX];
    struct date_token tokens[TOKENS_MAX];
    size_t count;
};

/* --- tokens -------------------------------------------------------------------------------- */

static enum token_kind kind_of(uint32_t cp)
{
    if (cp < 0x80 && ascii_is_digit((char)cp))
        return TOKEN_NUMBER;
    return text_class(cp) & (CLASS_LETTER | CLASS_MARK) ? TOKEN_WORD : TOKEN_MARK;
}

/* Year, month, day in Chinese and Japanese stand alone, whatever letters are around. */
static bool is_date_sign(uint32_t cp)
{
    return cp == 0x5E74 || cp == 0x6708 || cp == 0x65E5;
}

static void add_token(struct line *line, struct date_token token)
{
    for (size_t i = 0; token.kind == TOKEN_NUMBER && i < token.text.len && i < 9; i++)
        token.value = token.value * 10 + (token.text.data[i] - '0');
    token.digits = (uint8_t)(token.text.len > 9 ? 9 : token.text.len);
    line->tokens[line->count++] = token;
}

static void cut(struct line *line, desk_slice text)
{
    desk_slice folded = slice_of(line->folded, fold_text(text, line->folded));
    const char *p = folded.data, *end = p + folded.len;
    bool after_space = true;
    while (p < end && line->count < TOKENS_MAX) {
        const char *start = p;
        uint32_t cp = utf8_next(&p, end);
        if (text_class(cp) & CLASS_SPACE) {
            after_space = true;
            continue;
        }
        enum token_kind kind = kind_of(cp);
        while (kind != TOKEN_MARK && !is_date_sign(cp) && p < end) {
            const char *next = p;
            uint32_t follower = utf8_next(&next, end);
            if (kind_of(follower) != kind || is_date_sign(follower))
                break;
            p = next;
        }
        add_token(line, (struct date_token){.text = slice_of(start, (size_t)(p - start)),
                                            .kind = (uint8_t)kind,
                                            .after_space = after_space});
        after_space = false;
    }
}

/* --- reading tokens ------------------------------------------------------------------------ */

static bool is_mark(const struct line *line, size_t at, const char *marks)
{
    return at < line->count && line->tokens[at].kind == TOKEN_MARK &&
           line->tokens[at].text.len == 1 && strchr(marks, line->tokens[at].text.data[0]);
}

static bool is_word(const struct line *line, size_t at, const char *const *words)
{
    for (; at < line->count && *words; words++)
        if (slice_is(line->tokens[at].text, *words))
            return true;
    return false;
}

static bool number_at(const struct line *line, size_t at, size_t digits_max, int32_t *value)
{
    if (at >= line->count || line->tokens[at].kind != TOKEN_NUMBER ||
        line->tokens[at].digits > digits_max)
        return false;
    *value = line->tokens[at].value;
    return true;
}

static bool year_at(const struct line *line, size_t at, int32_t *year)
{
    return number_at(line, at, 4, year) && line->tokens[at].digits == 4 && *year >= YEAR_MIN &&
           *year <= YEAR_MAX;
}

static bool day_at(const struct line *line, size_t at, int32_t *day)
{
    return number_at(line, at, 2, day) && *day >= 1 && *day <= 31;
}

static bool month_at(const struct line *line, size_t at, int32_t *month)
{
    if (at >= line->count || line->tokens[at].kind != TOKEN_WORD)
        return false;
    *month = metadata_month(line->reader->words, line->tokens[at].text, line->reader->language);
    return *month > 0;
}

/* Over marks and small words between the parts of a date: "4. Mai", "4th of May, 2021",
 * "4 de mayo de 2021", "4 мая 2021 г." */
static size_t skip_between(const struct line *line, size_t at)
{
    static const char *const words[] = {"st", "nd", "rd", "th", "of",  "de", "del",
                                        "do", "er", "d",  "o",  "den", "ta", NULL};
    while (is_mark(line, at, ".,-/'") || is_word(line, at, words))
        at++;
    return at;
}

/* --- shapes -------------------------------------------------------------------------------- */

/* Each returns the tokens it took, 0 when the shape is not there. */

/* 4 May 2021, 4-May-2021, 4. Mai 2021 */
static size_t read_day_month_year(const struct line *line, size_t at, struct civil_date *date)
{
    size_t i = at;
    if (!day_at(line, i, &date->day))
        return 0;
    i = skip_between(line, i + 1);
    if (!month_at(line, i, &date->month))
        return 0;
    i = skip_between(line, i + 1);
    return year_at(line, i, &date->year) ? i + 1 - at : 0;
}

/* May 4, 2021 */
static size_t read_month_day_year(const struct line *line, size_t at, struct civil_date *date)
{
    size_t i = at;
    if (!month_at(line, i, &date->month))
        return 0;
    i = skip_between(line, i + 1);
    if (!day_at(line, i, &date->day))
        return 0;
    i = skip_between(line, i + 1);
    return year_at(line, i, &date->year) ? i + 1 - at : 0;
}

/* 2021-05-04, 2021/5/4, 2021.5.4, 2021年5月4日, 2021년 5월 4일, 2021. május 4. */
static size_t read_year_month_day(const struct line *line, size_t at, struct civil_date *date)
{
    static const char *const year_words[] = {"年", "년", NULL}, *const month_words[] = {"月", "월",
                                                                                        NULL};
    size_t i = at;
    if (!year_at(line, i, &date->year))
        return 0;
    i++;
    if (!is_mark(line, i, "-/.,") && !is_word(line, i, year_words))
        return 0;
    i++;
    if (month_at(line, i, &date->month)) {
        i = skip_between(line, i + 1);
        return day_at(line, i, &date->day) ? i + 1 - at : 0;
    }
    if (!number_at(line, i, 2, &date->month) || date->month < 1 || date->month > 12)
        return 0;
    i++;
    if (!is_mark(line, i, "-/.") && !is_word(line, i, month_words))
        return 0;
    return day_at(line, i + 1, &date->day) ? i + 2 - at : 0;
}

/* Which of two numbers is the day. False when both may be and nothing decides. */
static bool order_numbers(const struct date_reader *reader, char mark, int32_t first,
                          int32_t second, struct civil_date *date)
{
    enum date_order order = reader->order;
    if (first > 12 || mark == '.')
        order = ORDER_DAY_FIRST;
    else if (second > 12)
        order = ORDER_MONTH_FIRST;
    else if (first == second)
        order = ORDER_DAY_FIRST;
    date->day = order == ORDER_MONTH_FIRST ? second : first;
    date->month = order == ORDER_MONTH_FIRST ? first : second;
    return order != ORDER_UNKNOWN;
}

/* 04/05/2021, 4.5.2021, 04-05-2021 */
static size_t read_numbers(const struct line *line, size_t at, struct civil_date *date)
{
    int32_t first, second;
    if (!day_at(line, at, &first) || !is_mark(line, at + 1, "/.-") ||
        !day_at(line, at + 2, &second) || !is_mark(line, at + 3, "/.-") ||
        !year_at(line, at + 4, &date->year))
        return 0;
    char mark = line->tokens[at + 1].text.data[0];
    return order_numbers(line->reader, mark, first, second, date) ? 5 : 0;
}

static size_t read_date(const struct line *line, size_t at, struct civil_date *date)
{
    size_t taken = read_day_month_year(line, at, date);
    if (!taken)
        taken = read_month_day_year(line, at, date);
    if (!taken)
        taken = read_year_month_day(line, at, date);
    if (!taken)
        taken = read_numbers(line, at, date);
    return taken && time_is_valid_date(*date) ? taken : 0;
}

/* --- the line ------------------------------------------------------------------------------ */

enum date_order date_order_of(desk_slice language)
{
    static const char *const month_first[] = {"en-us", "en_us", "en-ph", "fil", "en_ph", NULL};
    desk_slice english = slice_from_cstr("en");
    if (language.len < 2)
        return ORDER_UNKNOWN;
    for (size_t i = 0; month_first[i]; i++)
        if (slice_starts_nocase(language, slice_from_cstr(month_first[i])))
            return ORDER_MONTH_FIRST;
    bool has_region = language.len >= 5 && !slice_starts_nocase(language, slice_from_cstr("en-ca"));
    return slice_starts_nocase(language, english) && !has_region ? ORDER_UNKNOWN : ORDER_DAY_FIRST;
}

static enum date_role role_of(unsigned kinds, enum date_role role)
{
    if (kinds & METAWORD_OTHER_DATE)
        return DATE_OTHER;
    if (kinds & METAWORD_UPDATED)
        return DATE_UPDATED;
    return kinds & METAWORD_PUBLISHED ? DATE_PUBLISHED : role;
}

/* What was passed before a date. */
struct passed {
    enum date_role role;
    size_t words; /* since the last mark that parts a line: | · – , */
    bool has_label;
};

static void pass(const struct line *line, size_t at, struct passed *passed)
{
    const unsigned labels = METAWORD_PUBLISHED | METAWORD_UPDATED | METAWORD_BYLINE | METAWORD_LEAD;
    const struct date_token *token = &line->tokens[at];
    if (token->kind == TOKEN_WORD) {
        unsigned kinds = metadata_word_kinds(line->reader->words, token->text);
        passed->role = role_of(kinds, passed->role);
        passed->has_label |= (kinds & labels) != 0;
        passed->words++;
    } else if (token->kind == TOKEN_MARK && !is_mark(line, at, ".'-")) {
        passed->words = 0;
    }
}

/* A sentence that mentions a day is no line with a date. */
static bool is_sentence(const struct line *line)
{
    enum { WORDS_MAX = 12, WORDS_MAX_WITH_STOP = 4 };
    size_t words = 0;
    for (size_t i = 0; i < line->count; i++)
        words += line->tokens[i].kind == TOKEN_WORD;
    bool stops = line->count && (is_mark(line, line->count - 1, ".!?"));
    return words > WORDS_MAX || (stops && words > WORDS_MAX_WITH_STOP);
}

size_t date_line_read(const struct date_reader *reader, desk_slice text,
                      struct date_hit hits[DATE_HITS_MAX])
{
    enum { WORDS_BEFORE_MAX = 2 };
    struct line line;
    struct passed passed = {DATE_PLAIN, 0, false};
    size_t count = 0;
    if (text.len < 6 || text.len > DATE_LINE_BYTES_MAX)
        return 0;
    line.reader = reader;
    line.count = 0;
    cut(&line, text);
    if (is_sentence(&line))
        return 0;
    for (size_t i = 0; i < line.count && count < DATE_HITS_MAX;) {
        struct civil_date date;
        size_t taken = read_date(&line, i, &date);
        if (!taken) {
            pass(&line, i++, &passed);
            continue;
        }
        if (passed.words <= WORDS_BEFORE_MAX || passed.has_label)
            hits[count++] = (struct date_hit){date, passed.role};
        passed = (struct passed){DATE_PLAIN, 0, false};
        i += taken;
    }
    return count;
}
