/* One row a part. A new concern: its struct in rulebook.h, a row here. */
#include "rulebook/parts.h"

#include "clean/metadata_words.h"
#include "clean/page_model.h"
#include "clean/pagewords.h"
#include "clean/residue.h"
#include "rulebook/rulebook.h"
#include "tag/calendar.h"
#include "tag/gazetteer.h"
#include "tag/languages.h"
#include "tag/lexicon.h"
#include "tag/model.h"
#include "tag/outlets.h"
#include "tag/quoting.h"
#include "tag/url_rules.h"

const struct part RULEBOOK_PARTS[] = {
    {"page words", offsetof(struct desk_rulebook, pagewords), pagewords_compile, pagewords_free},
    {"metadata words", offsetof(struct desk_rulebook, metadata_words), metadata_words_compile,
     metadata_words_free},
    {"page model", offsetof(struct desk_rulebook, pagemodel), pagemodel_compile, pagemodel_free},
    {"residue rules", offsetof(struct desk_rulebook, residue), residue_compile, residue_free},
    {"languages", offsetof(struct desk_rulebook, languages), languages_compile, languages_free},
    {"calendar", offsetof(struct desk_rulebook, calendar), calendar_compile, calendar_free},
    {"outlets", offsetof(struct desk_rulebook, outlets), outlets_compile, outlets_free},
    {"lexicon", offsetof(struct desk_rulebook, lexicon), lexicon_compile, lexicon_free},
    {"models", offsetof(struct desk_rulebook, models), models_compile, models_free},
    {"gazetteer", offsetof(struct desk_rulebook, gazetteer), gazetteer_compile, gazetteer_free},
    {"quoting", offsetof(struct desk_rulebook, quoting), quoting_compile, quoting_free},
    {"addresses", offsetof(struct desk_rulebook, url_rules), url_rules_compile, url_rules_free},
    {NULL, 0, NULL, NULL},
};
