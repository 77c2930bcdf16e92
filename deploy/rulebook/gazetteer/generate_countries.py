#!/usr/bin/env python3
"""Writes countries.csv: names of countries in ten languages, from Debian's iso-codes (LGPL-2.1+; the names are facts).

    deploy/rulebook/gazetteer/generate_countries.py > deploy/rulebook/gazetteer/countries.csv

Names that people use instead of the standard's are listed here."""
import gettext
import json

LANGUAGES = ["fr", "de", "es", "it", "pt", "nl", "ru", "ar", "zh_CN", "pl", "tr"]
SHORT = {"RU": "Russia", "KR": "South Korea", "KP": "North Korea", "IR": "Iran", "SY": "Syria", "VN": "Vietnam", "LA": "Laos", "TZ": "Tanzania",
         "BO": "Bolivia", "VE": "Venezuela", "MD": "Moldova", "TW": "Taiwan", "CD": "DR Congo", "CG": "Congo", "GB": "United Kingdom",
         "US": "United States", "CZ": "Czechia", "PS": "Palestine", "BN": "Brunei", "FK": "Falkland Islands", "TR": "Turkey", "MK": "North Macedonia",
         "CI": "Ivory Coast", "VA": "Vatican", "FM": "Micronesia", "NL": "Netherlands"}
MORE = {"en": {"US": "USA|U.S.|US|United States of America|America", "GB": "UK|U.K.|Britain|Great Britain|England|Scotland|Wales|Northern Ireland",
               "AE": "UAE|Emirates", "CD": "Democratic Republic of Congo|Democratic Republic of the Congo|DRC|DR Congo|Congo", "CI": "Ivory Coast|Côte d'Ivoire", "CZ": "Czech Republic",
               "MM": "Burma", "TR": "Türkiye", "NL": "Holland", "PS": "Gaza|West Bank", "KR": "South Korea|Republic of Korea", "KP": "North Korea",
               "SA": "Saudi Arabia", "CV": "Cape Verde", "SZ": "Swaziland", "TL": "East Timor", "MK": "North Macedonia|Macedonia"},
        "fr": {"US": "États-Unis|USA|Amérique", "GB": "Royaume-Uni|Grande-Bretagne|Angleterre|Écosse|Pays de Galles", "RU": "Russie", "KR": "Corée du Sud",
               "KP": "Corée du Nord", "IR": "Iran", "SY": "Syrie", "CD": "RDC|RD Congo|Congo|République démocratique du Congo", "CI": "Côte d'Ivoire",
               "PS": "Palestine|Gaza|Cisjordanie", "VE": "Venezuela", "BO": "Bolivie", "TZ": "Tanzanie", "MD": "Moldavie", "VN": "Vietnam|Viêt Nam", "LA": "Laos",
               "TW": "Taïwan|Taiwan", "MM": "Birmanie", "NL": "Pays-Bas|Hollande", "CZ": "Tchéquie|République tchèque", "AE": "Émirats|Émirats arabes unis",
               "CG": "Congo|Congo-Brazzaville", "TR": "Turquie", "VA": "Vatican", "MK": "Macédoine du Nord"},
        "de": {"US": "USA|Vereinigte Staaten|Amerika", "GB": "Großbritannien|Vereinigtes Königreich|England|Schottland|Wales", "RU": "Russland",
               "KR": "Südkorea", "KP": "Nordkorea", "IR": "Iran", "SY": "Syrien", "CD": "Kongo", "PS": "Palästina|Gaza|Gazastreifen|Westjordanland",
               "VE": "Venezuela", "BO": "Bolivien", "TZ": "Tansania", "MD": "Moldau|Moldawien", "VN": "Vietnam", "LA": "Laos", "TW": "Taiwan", "NL": "Niederlande|Holland",
               "CZ": "Tschechien", "AE": "Vereinigte Arabische Emirate|Emirate", "BY": "Belarus|Weißrussland", "TR": "Türkei", "VA": "Vatikan", "CI": "Elfenbeinküste"},
        "es": {"US": "Estados Unidos|EE.UU.|EE. UU.|EEUU", "GB": "Reino Unido|Gran Bretaña|Inglaterra|Escocia|Gales", "RU": "Rusia", "KR": "Corea del Sur",
               "KP": "Corea del Norte", "IR": "Irán", "SY": "Siria", "PS": "Palestina|Gaza|Cisjordania", "VE": "Venezuela", "BO": "Bolivia", "TZ": "Tanzania",
               "VN": "Vietnam", "TW": "Taiwán", "NL": "Países Bajos|Holanda", "AE": "Emiratos", "TR": "Turquía", "VA": "Vaticano", "CD": "Congo", "MD": "Moldavia"},
        "it": {"US": "Stati Uniti|USA|Usa", "GB": "Regno Unito|Gran Bretagna|Inghilterra|Scozia|Galles", "RU": "Russia", "KR": "Corea del Sud", "KP": "Corea del Nord",
               "IR": "Iran", "SY": "Siria", "PS": "Palestina|Gaza|Cisgiordania", "VE": "Venezuela", "BO": "Bolivia", "VN": "Vietnam", "TW": "Taiwan",
               "NL": "Paesi Bassi|Olanda", "TR": "Turchia", "VA": "Vaticano", "CD": "Congo", "MD": "Moldavia", "AE": "Emirati"},
        "pt": {"US": "Estados Unidos|EUA", "GB": "Reino Unido|Grã-Bretanha|Inglaterra|Escócia", "RU": "Rússia", "KR": "Coreia do Sul", "KP": "Coreia do Norte",
               "IR": "Irã|Irão", "SY": "Síria", "PS": "Palestina|Gaza|Cisjordânia", "VE": "Venezuela", "BO": "Bolívia", "VN": "Vietnã|Vietname", "TW": "Taiwan",
               "NL": "Holanda|Países Baixos", "TR": "Turquia", "VA": "Vaticano", "CD": "Congo", "AE": "Emirados"},
        "nl": {"US": "Verenigde Staten|VS|Amerika", "GB": "Verenigd Koninkrijk|Groot-Brittannië|Engeland|Schotland", "RU": "Rusland", "KR": "Zuid-Korea",
               "KP": "Noord-Korea", "IR": "Iran", "SY": "Syrië", "PS": "Palestina|Gaza", "NL": "Nederland", "TR": "Turkije", "TW": "Taiwan"},
        "ru": {"US": "США|Соединенные Штаты|Соединенных Штатов|Америка|Америки", "GB": "Великобритания|Великобритании|Британия|Британии|Англия|Англии", "RU": "Россия|России|Россию|Россией|РФ",
               "UA": "Украина|Украины|Украине|Украину|Украиной", "CN": "Китай|Китая|Китаю|Китаем|Китае|КНР", "DE": "Германия|Германии|Германию|Германией|ФРГ",
               "FR": "Франция|Франции|Францию|Францией", "BY": "Беларусь|Белоруссия|Белоруссии", "KZ": "Казахстан|Казахстана|Казахстане", "TR": "Турция|Турции|Турцию",
               "IR": "Иран|Ирана|Иране", "SY": "Сирия|Сирии", "IL": "Израиль|Израиля|Израиле", "JP": "Япония|Японии", "IN": "Индия|Индии|Индию", "PL": "Польша|Польши|Польше",
               "KR": "Южная Корея|Южной Кореи", "KP": "КНДР|Северная Корея|Северной Кореи", "PS": "Палестина|Газа|Газы", "IT": "Италия|Италии", "ES": "Испания|Испании",
               "GE": "Грузия|Грузии", "AM": "Армения|Армении", "AZ": "Азербайджан|Азербайджана"},
        "ar": {"US": "الولايات المتحدة|أمريكا|أميركا", "GB": "بريطانيا|المملكة المتحدة|إنجلترا", "RU": "روسيا", "CN": "الصين", "UA": "أوكرانيا", "SY": "سوريا",
               "IR": "إيران", "PS": "فلسطين|غزة|الضفة الغربية", "SA": "السعودية", "AE": "الإمارات", "EG": "مصر", "IQ": "العراق", "FR": "فرنسا", "DE": "ألمانيا",
               "TR": "تركيا", "IL": "إسرائيل", "LB": "لبنان", "JO": "الأردن", "YE": "اليمن", "LY": "ليبيا", "TN": "تونس", "DZ": "الجزائر", "MA": "المغرب",
               "SD": "السودان", "QA": "قطر", "KW": "الكويت", "BH": "البحرين", "OM": "عمان", "IN": "الهند", "JP": "اليابان", "IT": "إيطاليا", "ES": "إسبانيا"}}


def plain(name):
    return name.split(",")[0].split("(")[0].strip()


def main():
    countries = json.load(open("/usr/share/iso-codes/json/iso_3166-1.json"))["3166-1"]
    print("kind,name,country,language,forms")
    for country in sorted(countries, key=lambda c: c["alpha_2"]):
        code = country["alpha_2"]
        base = country.get("common_name", country["name"])
        name = SHORT.get(code, plain(base))
        forms = [name] + MORE["en"].get(code, "").split("|")
        print(f"country,{name},{code},en,{'|'.join(dict.fromkeys(f for f in forms if f))}")
        for language in LANGUAGES:
            short = language.split("_")[0]
            translated = gettext.translation("iso_3166-1", "/usr/share/locale", [language], fallback=True).gettext(base)
            forms = [f for f in MORE.get(short, {}).get(code, "").split("|") if f]
            if "," not in translated and "(" not in translated and "|" not in translated and translated != base:
                forms.append(translated)
            elif not forms and "," not in base:
                forms.append(translated)
            forms = list(dict.fromkeys(f for f in forms if "," not in f and "(" not in f and (short != "zh" or len(f) <= 12)))
            if forms:
                print(f"country,{name},{code},{short},{'|'.join(forms)}")


main()
