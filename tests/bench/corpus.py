"""Articles for measuring, made of sentences written for the project: the same for every run, in any number, with the truth about each.

Each record is a JSON object: a text article of about 3.3 KB, or a page of about 66 KB that holds such an article among menus, scripts, teasers and share bars. Words,
names, numbers and order vary, so that no two articles are the same and caches of what was read before help nobody. `truth` has the paragraphs that a reader wants and the
lines of residue that nobody wants."""
import html
import json
import random

TEXT_BYTES, PAGE_BYTES = 3300, 66000

PEOPLE = [f"{first} {last}" for first in "Anna Peter Maria James Ruth Daniel Sofia Thomas Helen Marcus Laura Victor Ingrid Samuel Clara".split()
          for last in "Berg Marsh Okafor Langley Calder Novak Lindqvist Moreau Haddad Fischer Romero Tanaka Whitfield Doyle Petrov".split()]
CITIES = "Paris London Berlin Madrid Rome Lisbon Vienna Dublin Oslo Warsaw Athens Brussels Stockholm Helsinki Prague Budapest Nairobi Lagos Cairo Tokyo Delhi Manila Lima Bogota".split()
COUNTRIES = "France Germany Spain Italy Portugal Austria Ireland Norway Poland Greece Belgium Sweden Finland Hungary Kenya Nigeria Egypt Japan India Peru Colombia".split()
AGENCIES = ["Reuters", "the Associated Press", "Agence France-Presse", "the BBC", "Bloomberg", "Le Monde", "El País", "the Guardian"]
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
ADJECTIVES = "narrow sudden long-awaited disputed quiet costly welcome broad modest cautious angry unusual rapid painful historic local regional early final second".split()
PLACES = "harbour bridge railway hospital university market stadium museum reservoir airport library factory courthouse forest coast valley border village square tunnel".split()
GROUPS = "council ministry union committee court agency company club board commission parliament federation hospital university bank party coalition association".split()

STORIES = {
    "politics": [
        "The {group} in {city} voted on {day} for a {adjective} reform of the electoral law, after {number} hours of debate that ended with the opposition leaving the chamber.",
        "Prime Minister {person} said that the government would put the bill before parliament in {month}, and that the coalition had agreed on all but {small} of its articles.",
        "{person}, who leads the opposition in {country}, called the plan {adjective} and asked for a referendum before the general election.",
        "Ministers from {country} and {country2} met in {city} to discuss the treaty, which diplomats describe as the most {adjective} in {number} years.",
        "A poll for {agency} gave the ruling party {percent} per cent of the vote, {small} points fewer than in {month}.",
    ],
    "economy": [
        "The central bank of {country} raised its interest rate by {small} tenths of a point on {day}, the {adjective} step that investors had expected since {month}.",
        "Shares of the {group} fell {percent} per cent in {city} after it had warned that profits for the quarter would be lower than forecast.",
        "Inflation in {country} slowed to {percent} per cent in {month}, helped by cheaper energy, while wages rose for the {small}th month in a row.",
        "“Exports to {country2} have not recovered,” said {person}, chief economist at a bank in {city}. “Companies wait, and households save.”",
        "The company will close its factory near {city} and cut {number} jobs, the trade union said, adding that talks about a {adjective} deal had failed.",
    ],
    "sport": [
        "{person} scored {small} goals as the home side beat the champions from {city} in front of {number} spectators at the new stadium on {day}.",
        "The coach, {person}, praised a {adjective} defence and said that the league would be decided in {month}, not before.",
        "{country} will meet {country2} in the final of the tournament in {city} after a penalty shoot-out that kept the crowd waiting until midnight.",
        "The striker was taken off with a knee injury after {small} minutes, and the club's doctors expect him to miss the qualifying matches for the World Cup.",
        "In the women's marathon {person} finished {small} seconds ahead of the field and set a {adjective} record for the course.",
    ],
    "disaster": [
        "An earthquake shook the {adjective} region north of {city} early on {day}, killing at least {small} people and leaving {number} families without a roof.",
        "Firefighters from {country} joined those of {country2} to fight the wildfire that has burned {number} hectares of forest since {month}.",
        "Rescue workers searched the {place} for survivors, said {person}, who coordinates the emergency services in {city}.",
        "The flood closed the {place} and the railway for {small} days; the weather service expects more rain until {day}.",
        "The government of {country} declared a state of emergency and asked the army to bring drinking water and tents to the {place}.",
    ],
    "health": [
        "Doctors at a hospital in {city} reported {number} cases of the infection since {month}, a {adjective} rise that the health ministry calls worrying.",
        "The vaccine protected {percent} per cent of the volunteers, according to a study that the {group} published on {day}.",
        "“Patients wait {small} weeks for surgery,” said {person}, a nurse in {city}. “That is {adjective}, and everybody knows it.”",
        "The World Health Organization sent experts to {country} to help with the outbreak, and asked {country2} to share its data.",
        "Researchers found that the treatment lowered the risk of a heart attack by {percent} per cent among people over {small}0.",
    ],
    "crime": [
        "A court in {city} sentenced {person} to {small} years in prison for fraud, in a trial that had drawn {adjective} attention across {country}.",
        "Police arrested {small} suspects near the {place} on {day} after a robbery in which {number} euros were taken.",
        "Prosecutors in {country} opened an investigation into the {group}, whose offices in {city} were searched in {month}.",
        "The judge rejected an appeal by lawyers of {person}, who denies the charges and speaks of a {adjective} campaign.",
        "According to {agency}, detectives from {country2} helped to find the weapon, which had been thrown into the river by the {place}.",
    ],
}
COMMON = [
    "“We have waited long enough for a {adjective} answer,” {person} told reporters in {city} on {day}. “People near the {place} need more than promises.”",
    "The {group} declined to comment, but an official who did not want to be named said that the decision had been taken on {number2} {month} {year}.",
    "According to {agency}, {small} members of the {group} want to look at the {adjective} figures again before the end of {month}.",
    "In {city}, where {number} people live, the news was received with {adjective} relief and a good deal of doubt.",
    "{person} grew up by the {place} and has worked for the {group} since {year}; colleagues describe a {adjective} mind and a short temper.",
    "A {adjective} report that the {group} of {country} had ordered in {year} came to the opposite conclusion and was never published.",
    "By {day} evening {small} of the {number} signatures that the law asks for had been found to be wrong.",
]
RESIDUE = ["[ad_1]", "[ad_2]", "Source link", "Advertisement", "Sign up for our newsletter", "Click here to read more", "Follow us on Twitter and Facebook"]


def sentence(rng, template):
    country = rng.choice(COUNTRIES)
    return template.format(person=rng.choice(PEOPLE), city=rng.choice(CITIES), country=country, country2=rng.choice([c for c in COUNTRIES if c != country]),
                           agency=rng.choice(AGENCIES), day=rng.choice(DAYS), month=rng.choice(MONTHS), adjective=rng.choice(ADJECTIVES), place=rng.choice(PLACES),
                           group=rng.choice(GROUPS), number=rng.randrange(1000, 90000), number2=rng.randrange(1, 28), small=rng.randrange(3, 19),
                           percent=round(rng.uniform(1, 60), 1), year=rng.randrange(1990, 2024))


def story(rng):
    """Title and paragraphs of one article."""
    templates = STORIES[rng.choice(sorted(STORIES))]
    paragraphs, size = [], 0
    while size < TEXT_BYTES - 150:
        paragraphs.append(" ".join(sentence(rng, rng.choice(templates if rng.random() < 0.6 else COMMON)) for _ in range(2)))
        size += len(paragraphs[-1].encode()) + 2
    words = sentence(rng, rng.choice(templates)).rstrip(".").split()
    return " ".join(words[:9]), paragraphs


def page(rng, title, paragraphs):
    """The article as a site would show it, in about 66 KB."""
    day = f"2024-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}T{rng.randrange(24):02}:20:00Z"
    author = rng.choice(PEOPLE)
    head = (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)} | The Harbour Post</title><meta property="og:title" '
            f'content="{html.escape(title)}"><meta property="article:published_time" content="{day}"><meta name="author" content="{author}"><style>'
            + ".menu{margin:0;padding:4px 8px}.card{float:left}\n" * 60 + "</style></head><body>")
    menu = '<nav><ul class="menu">' + "".join(f'<li><a href="/section/{i}" class="menu-link" data-track="nav-{i}">{rng.choice(PLACES).title()} &amp; more</a></li>'
                                               for i in range(60)) + "</ul></nav>"
    article = (f'<main><article class="story"><h1>{html.escape(title)}</h1><p class="byline">By <a href="/a">{author}</a> <time datetime="{day}">{day[:10]}</time></p>'
               + '<div class="share"><a href="/s">Share</a><a href="/t">Tweet</a></div><div class="story-body">'
               + "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs) + '<aside class="ad">Advertisement</aside></div></article></main>')
    scripts = "<script>window.dataLayer=window.dataLayer||[];function track(a){dataLayer.push({event:a,page:'story'});}</script>" * 40
    cards, room = [], PAGE_BYTES - len((head + menu + article + scripts).encode())
    while room > 0:
        cards.append(f'<div class="card"><a href="/news/{rng.randrange(10**6)}"><img src="/img/{len(cards)}.jpg" alt="" width="160" height="90"><h3>What the '
                     f'{rng.choice(ADJECTIVES)} {rng.choice(PLACES)} means for {rng.choice(CITIES)}</h3></a><p class="teaser">{rng.choice(DAYS)}, read how it went on.</p></div>')
        room -= len(cards[-1])
    return head + menu + article + scripts + '<section class="related"><h2>More stories</h2>' + "".join(cards) + "</section><footer>All rights reserved</footer></body></html>"


def article(kind, number):
    """(record, truth) of the number-th article; kind is text, page or mixed: every tenth a page."""
    rng = random.Random(number * 7919 + 11)
    title, paragraphs = story(rng)
    record = {"id": f"{kind}-{number}", "url": f"https://news{number % 500}.example.org/{number % 2024}/story-{number}.html?utm_source=feed", "title": title,
              "published_at": f"2024-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}T08:15:00Z", "language": "en"}
    residue = []
    if kind == "page" or (kind == "mixed" and number % 10 == 9):
        record["html"] = page(rng, title, paragraphs)
        residue = ["Advertisement", "All rights reserved", "read how it went on"]
    else:
        blocks = list(paragraphs)
        residue = rng.sample(RESIDUE[2:], 2)
        blocks.insert(len(blocks) // 2, residue[0])
        blocks = [RESIDUE[0]] + blocks + [residue[1], RESIDUE[1]]
        residue += RESIDUE[:2]
        record["text"] = "\n\n".join(blocks)
    return record, {"paragraphs": paragraphs, "residue": residue}


def write(path, kind, count, folder=None):
    """`count` records as JSON lines, or the pages of a folder of HTML files; returns their truths (none for a folder) and the bytes."""
    truths, size = [], 0
    with open(path, "w", encoding="utf-8") as out:
        if folder:
            for number, name in enumerate(sorted(folder.glob("*.htm*"))[:count]):
                size += out.write(json.dumps({"id": name.stem, "url": f"https://pages.example.org/{number}", "html": name.read_text("utf-8", "replace")}) + "\n")
            return [], size
        for number in range(count):
            record, truth = article(kind, number)
            line = json.dumps(record, ensure_ascii=False) + "\n"
            out.write(line)
            size += len(line.encode())
            truths.append(truth)
    return truths, size
