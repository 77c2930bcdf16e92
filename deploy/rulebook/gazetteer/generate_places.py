#!/usr/bin/env python3
"""Writes cities.csv and regions.csv from facts of Debian's unicode-cldr-core (Unicode licence) and tzdata (public domain).

    deploy/rulebook/gazetteer/generate_places.py    (in the project's root)

cities.csv    the cities that name time zones, most of them capitals, in ten languages, then the largest cities of each country, listed below by
              the name that most languages share; those that are written otherwise somewhere stand in places.csv
regions.csv   first-level subdivisions of the countries whose regions stand in the news, by ISO 3166-2, in ten languages"""
import pathlib
import xml.etree.ElementTree as tree

CLDR = pathlib.Path("/usr/share/unicode/cldr/common")
LANGUAGES = ["en", "fr", "de", "es", "it", "pt", "nl", "ru", "ar", "zh"]
HERE = pathlib.Path(__file__).parent
# Zones that are no city, or whose name is a common word or another place.
NOT_CITIES = {"Kanton", "Troll", "Easter", "Center", "Midway", "Wake", "Honolulu", "Unknown", "Reunion", "Christmas", "Cocos", "Norfolk", "Chatham", "Enderbury",
              "Gambier", "Marquesas", "South_Georgia", "Azores", "Bermuda", "Canary", "Cape_Verde", "Faeroe", "Faroe", "Madeira", "Stanley", "Vostok"}
COUNTRIES = "US CA AU BR FR IT ES DE AT CH IN CN RU MX UA NL BE AR GB JP".split()
# Written like a common word or a given name of some language, or like a country: they need a preposition or their country beside them.
DOUBTFUL = set("""Nice Tours Bath Reading Essen Lens Split Cork Orange Mobile Male Nancy Sale Hull Derby Paz Leon León Santiago Victoria Florida Lima Como
    Bari Prato Pará Para Acre Lugo Vaud Nord Centre Central Hessen Marche Jura Kent Toledo Mérida Salvador Natal Córdoba Granada Valencia Guarda Beja Maine
    Uri Sucre La Paz Asti Lecce Mar Bar Ham Hamm Hagen Celle Siegen Worms Zug Baden Halle Leer Buenos Lagos Faro Como Ho Wa Bo Mus Van Batman Kota Surat
    Bergen Rennes Sens Aden Moss Man Ontario Durango Colima Guerrero Hidalgo Morelos Nuevo Tabasco Paraná Ceará Santos Colón Imo Plateau Goiás
    Assam Navarra Murcia La Rioja Rio Río Trier Gera Jena Gent Mons Spa Orne Creuse Cher Manche Somme Corse""".split())
MORE = """AF Kandahar|Herat|Mazar-i-Sharif|Jalalabad
AE Dubai|Sharjah|Abu Dhabi
AO Huambo|Lobito|Benguela
AR Rosario|Mendoza|La Plata|Salta|Santa Fe|Tucumán|Mar del Plata|Neuquén
AT Graz|Linz|Innsbruck|Salzburg|Klagenfurt
AU Melbourne|Brisbane|Perth|Adelaide|Canberra|Newcastle|Gold Coast|Hobart|Darwin|Cairns
AZ Ganja|Sumqayit
BD Chittagong|Chattogram|Khulna|Sylhet|Rajshahi
BE Antwerp|Antwerpen|Anvers|Gent|Ghent|Charleroi|Liège|Lüttich|Bruges|Brugge|Leuven|Namur
BO Santa Cruz de la Sierra|Cochabamba|El Alto|Oruro
BR Rio de Janeiro|Brasília|Brasilia|Belo Horizonte|Curitiba|Porto Alegre|Recife|Goiânia|Campinas|São Luís|Florianópolis|Vitória|Guarulhos|Niterói|João Pessoa|Aracaju|Ribeirão Preto|Uberlândia|Santos
BY Gomel|Homel|Brest-Litovsk|Grodno|Hrodna|Vitebsk|Mogilev
CA Montreal|Montréal|Ottawa|Calgary|Québec City|Quebec City|Hamilton|Mississauga|Laval|Gatineau|Saskatoon
CD Lubumbashi|Goma|Bukavu|Kisangani|Mbuji-Mayi|Kananga|Bunia|Beni
CG Pointe-Noire
CH Geneva|Genève|Genf|Ginevra|Bern|Berne|Basel|Bâle|Lausanne|Lucerne|Luzern|Lugano|Winterthur|St. Gallen
CI Bouaké|Yamoussoukro
CL Valparaíso|Concepción|Antofagasta|Temuco|Viña del Mar
CM Yaoundé|Garoua|Bamenda
CN Beijing|Peking|Pékin|Pekín|Pechino|Pequim|Guangzhou|Canton|Shenzhen|Tianjin|Wuhan|Chengdu|Hangzhou|Nanjing|Xi'an|Suzhou|Dongguan|Foshan|Shenyang|Qingdao|Dalian|Jinan|Zhengzhou|Changsha|Kunming|Xiamen|Fuzhou|Hefei|Shijiazhuang|Nanchang|Taiyuan|Guiyang|Nanning|Changchun|Ningbo|Wenzhou|Lanzhou|Hohhot|Haikou|Lhasa|Yinchuan|Xining|Zhuhai|Wuxi|Changzhou|Tangshan|Baotou|Luoyang
CO Medellín|Cali|Barranquilla|Cartagena de Indias|Bucaramanga|Cúcuta|Pereira
CZ Brno|Ostrava|Plzeň|Pilsen|Olomouc|Liberec
DE Hamburg|Munich|München|Monaco di Baviera|Múnich|Munique|Cologne|Köln|Colonia|Frankfurt|Francfort|Stuttgart|Düsseldorf|Leipzig|Dortmund|Essen|Bremen|Dresden|Dresde|Hanover|Hannover|Nuremberg|Nürnberg|Duisburg|Bochum|Wuppertal|Bielefeld|Bonn|Münster|Mannheim|Karlsruhe|Augsburg|Wiesbaden|Mönchengladbach|Gelsenkirchen|Aachen|Kiel|Chemnitz|Magdeburg|Freiburg|Lübeck|Erfurt|Rostock|Mainz|Mayence|Kassel|Saarbrücken|Potsdam|Göttingen|Heidelberg|Regensburg|Würzburg|Wolfsburg|Ulm|Ingolstadt|Jena|Cottbus
DK Aarhus|Odense|Aalborg
DO Santiago de los Caballeros
DZ Oran|Constantine|Annaba|Batna|Sétif|Blida|Tizi Ouzou
EC Guayaquil|Cuenca
EG Alexandria|Alexandrie|Giza|Suez|Luxor|Aswan|Port Said|Ismailia|Mansoura|Tanta
ES Barcelona|Barcelone|Valencia|Seville|Sevilla|Séville|Zaragoza|Málaga|Murcia|Bilbao|Alicante|Palma de Mallorca|Valladolid|Vigo|Gijón|Granada|Oviedo|Pamplona|San Sebastián|Santander|Badajoz|Salamanca|A Coruña|Almería|Tarragona|Cádiz
ET Dire Dawa|Mekelle|Gondar|Bahir Dar|Hawassa
FI Tampere|Turku|Oulu|Espoo
FR Lyon|Marseille|Marsiglia|Marsella|Marselha|Toulouse|Tolosa|Nice|Nantes|Strasbourg|Straßburg|Estrasburgo|Strasburgo|Montpellier|Bordeaux|Burdeos|Lille|Rennes|Reims|Le Havre|Saint-Étienne|Toulon|Grenoble|Dijon|Angers|Nîmes|Villeurbanne|Clermont-Ferrand|Aix-en-Provence|Brest|Limoges|Tours|Amiens|Metz|Perpignan|Besançon|Orléans|Mulhouse|Rouen|Caen|Nancy|Saint-Denis|Avignon|Calais|Cannes|Lourdes|La Rochelle|Poitiers|Pau|Bayonne|Ajaccio|Bastia|Dunkerque|Le Mans|Lens
GB Manchester|Birmingham|Liverpool|Leeds|Glasgow|Edinburgh|Édimbourg|Cardiff|Belfast|Bristol|Sheffield|Newcastle upon Tyne|Nottingham|Leicester|Coventry|Bradford|Southampton|Portsmouth|Brighton|Plymouth|Oxford|Cambridge|Hull|Derby|Bath|Reading|Aberdeen|Dundee|Swansea|Norwich|Exeter|Canterbury|Stoke-on-Trent|Wolverhampton|Sunderland
GE Batumi|Kutaisi|Rustavi
GH Kumasi|Tamale
GN Nzérékoré|Kankan
GR Thessaloniki|Salonique|Thessaloníki|Patras|Heraklion
HN San Pedro Sula
HR Split|Rijeka|Dubrovnik|Osijek
HU Debrecen|Szeged|Pécs|Győr
ID Surabaya|Bandung|Medan|Semarang|Makassar|Palembang|Yogyakarta|Denpasar|Batam|Banda Aceh
IE Cork|Galway|Limerick
IL Haifa|Tel Aviv|Beersheba|Ashkelon|Ashdod|Sderot|Netanya|Eilat
IN Mumbai|Bombay|Delhi|New Delhi|Nouvelle-Delhi|Nueva Delhi|Neu-Delhi|Nuova Delhi|Bangalore|Bengaluru|Chennai|Hyderabad|Ahmedabad|Pune|Surat|Jaipur|Lucknow|Kanpur|Nagpur|Indore|Thane|Bhopal|Visakhapatnam|Patna|Vadodara|Ghaziabad|Ludhiana|Agra|Nashik|Varanasi|Srinagar|Amritsar|Ranchi|Guwahati|Chandigarh|Mysore|Kochi|Coimbatore|Madurai|Faridabad|Meerut|Rajkot|Allahabad|Prayagraj|Jodhpur|Raipur|Kota|Dehradun|Shimla|Jammu|Imphal
IQ Mosul|Mossoul|Basra|Bassora|Kirkuk|Kirkouk|Erbil|Najaf|Karbala|Sulaymaniyah|Fallujah|Ramadi|Tikrit
IR Mashhad|Isfahan|Ispahan|Shiraz|Tabriz|Karaj|Ahvaz|Qom|Kermanshah|Urmia|Rasht|Zahedan|Bandar Abbas|Natanz|Bushehr
IT Milan|Milano|Mailand|Milán|Milão|Naples|Napoli|Neapel|Nápoles|Turin|Torino|Turín|Turim|Palermo|Genoa|Genova|Gênes|Genua|Bologna|Bologne|Florence|Firenze|Florenz|Florencia|Florença|Bari|Catania|Venice|Venezia|Venise|Venedig|Venecia|Veneza|Verona|Messina|Padua|Padova|Trieste|Brescia|Taranto|Parma|Modena|Reggio Calabria|Perugia|Cagliari|Livorno|Rimini|Salerno|Bergamo|Trento|Bolzano|Siena|Pisa|Lampedusa|L'Aquila|Ancona|Ferrara|Ravenna|Foggia|Vicenza
JP Osaka|Yokohama|Nagoya|Sapporo|Fukuoka|Kobe|Kyoto|Kawasaki|Hiroshima|Sendai|Nagasaki|Fukushima|Okinawa|Kumamoto|Saitama|Niigata
KE Mombasa|Kisumu|Nakuru|Eldoret
KP Wonsan|Kaesong
KR Busan|Incheon|Daegu|Daejeon|Gwangju|Ulsan|Suwon|Jeju|Pyeongchang
KZ Astana|Nur-Sultan|Shymkent|Karaganda
LB Tripoli du Liban|Sidon|Saïda|Baalbek|Nabatieh
LY Benghazi|Misrata|Sirte|Derna|Tobruk|Sabha
MA Rabat|Marrakech|Marrakesch|Fes|Fès|Fez|Tangier|Tanger|Agadir|Meknès|Oujda
MG Toamasina
ML Gao|Kidal|Mopti|Ségou|Timbuktu|Tombouctou|Sikasso
MM Mandalay|Naypyidaw|Naypyitaw|Sittwe
MX Guadalajara|Puebla|Juárez|Ciudad Juárez|León|Zapopan|Acapulco|Culiacán|Oaxaca|Veracruz|Toluca|Querétaro|San Luis Potosí|Aguascalientes|Morelia|Reynosa|Villahermosa|Nuevo Laredo|Torreón|Saltillo|Xalapa|Tapachula|Cuernavaca
MY Johor Bahru|George Town|Ipoh|Kota Kinabalu
MZ Beira|Nampula|Pemba
NE Agadez|Maradi|Zinder|Diffa
NG Kano|Ibadan|Abuja|Port Harcourt|Benin City|Kaduna|Maiduguri|Enugu|Jos|Ilorin|Onitsha|Warri|Sokoto|Calabar|Zaria
NL Rotterdam|The Hague|Den Haag|La Haye|La Haya|L'Aia|Haia|Utrecht|Eindhoven|Groningen|Tilburg|Almere|Breda|Nijmegen|Arnhem|Maastricht|Haarlem|Leiden|Delft|Enschede|Zwolle
NO Bergen|Trondheim|Stavanger|Tromsø|Utøya
NZ Wellington|Christchurch|Hamilton|Dunedin
PE Arequipa|Trujillo|Cusco|Callao|Iquitos|Puno
PH Quezon City|Davao|Cebu|Zamboanga
PK Lahore|Islamabad|Rawalpindi|Faisalabad|Peshawar|Quetta|Multan|Hyderabad|Gujranwala|Sialkot|Gwadar
PL Kraków|Krakow|Cracow|Cracovie|Krakau|Cracovia|Cracóvia|Gdańsk|Gdansk|Danzig|Wrocław|Wroclaw|Breslau|Poznań|Poznan|Łódź|Lodz|Katowice|Lublin|Szczecin|Białystok|Rzeszów
PS Gaza City|Ramallah|Hebron|Nablus|Naplouse|Jenin|Jénine|Khan Younis|Khan Yunis|Rafah|Bethlehem|Bethléem
PT Porto|Oporto|Braga|Coimbra|Aveiro|Funchal|Setúbal|Évora
PY Ciudad del Este
RO Cluj-Napoca|Timișoara|Timisoara|Iași|Constanța|Brașov|Craiova|Sibiu
RS Novi Sad|Niš
RU Saint Petersburg|St. Petersburg|St Petersburg|Saint-Pétersbourg|Sankt Petersburg|San Petersburgo|San Pietroburgo|São Petersburgo|Sint-Petersburg|Kazan|Nizhny Novgorod|Chelyabinsk|Ufa|Rostov-on-Don|Krasnodar|Perm|Voronezh|Grozny|Sochi|Sotchi|Murmansk|Belgorod|Kursk|Koursk|Bryansk|Tula|Tver|Pskov|Smolensk|Makhachkala|Tomsk|Barnaul|Tyumen|Norilsk|Magadan
SA Jeddah|Djeddah|Dschidda|Mecca|La Mecque|Mekka|La Meca|Medina|Médine|Dammam|Neom|Taif
SD Omdurman|Port Sudan|El Fasher|El Obeid|Nyala
SE Gothenburg|Göteborg|Malmö|Uppsala|Linköping|Västerås
SK Košice
SN Thiès|Saint-Louis du Sénégal|Ziguinchor
SO Hargeisa|Kismayo|Baidoa
SY Aleppo|Alep|Alepo|Homs|Hama|Latakia|Lattaquié|Idlib|Raqqa|Rakka|Daraa|Deir ez-Zor|Tartus|Palmyra|Palmyre|Kobani
TH Chiang Mai|Phuket|Pattaya
TN Sfax|Sousse|Kairouan|Bizerte|Gabès
TR Ankara|Izmir|Bursa|Adana|Gaziantep|Konya|Antalya|Diyarbakır|Diyarbakir|Kayseri|Mersin|Eskişehir|Hatay|Antakya|Trabzon|Samsun|Erzurum|Kahramanmaraş|Şanlıurfa|Bodrum
TW Kaohsiung|Taichung|Tainan|Hsinchu
TZ Dodoma|Mwanza|Arusha|Zanzibar City
UA Kharkiv|Kharkov|Charkiw|Járkov|Odesa|Odessa|Dnipro|Donetsk|Donezk|Zaporizhzhia|Lviv|Lemberg|Leópolis|Leopoli|Mariupol|Marioupol|Kherson|Cherson|Jersón|Mykolaiv|Mikolaïv|Luhansk|Lougansk|Bakhmut|Bakhmout|Sumy|Poltava|Chernihiv|Tchernihiv|Kramatorsk|Melitopol|Berdiansk|Zhytomyr|Chernobyl|Tchernobyl|Tschernobyl|Kryvyi Rih|Ternopil|Vinnytsia|Sevastopol|Sébastopol|Sewastopol
UG Gulu|Entebbe
US Washington|Washington, D.C.|Houston|San Francisco|Seattle|Miami|Philadelphia|Philadelphie|Atlanta|Boston|Dallas|San Diego|San Antonio|Las Vegas|Minneapolis|Baltimore|Portland|San Jose|Austin|Jacksonville|Charlotte|Nashville|Memphis|Milwaukee|Cleveland|New Orleans|La Nouvelle-Orléans|Nueva Orleans|Sacramento|Kansas City|Pittsburgh|Cincinnati|St. Louis|Tampa|Orlando|Oakland|Omaha|Tulsa|Albuquerque|Tucson|Fresno|Long Beach|Raleigh|Salt Lake City|Buffalo|Honolulu|El Paso|Columbus|Oklahoma City|Des Moines|Little Rock|Baton Rouge|Montgomery|Birmingham|Mobile|Savannah|Richmond|Hartford|Newark|Brooklyn|Manhattan|Queens|Hollywood|Palo Alto|Cupertino|Uvalde|Ferguson|Charleston|Spokane|Anchorage|Boulder|Madison|Wichita|Durham|Fort Worth|Arlington
UY Punta del Este
UZ Samarkand|Bukhara|Namangan
VE Maracaibo|Valencia|Barquisimeto|Maracay|Ciudad Guayana
VN Hanoi|Hanoï|Hanói|Haiphong|Da Nang|Hue
YE Sanaa|Sana'a|Sana|Hodeidah|Hodeida|Aden|Taiz|Marib
ZA Cape Town|Le Cap|Kapstadt|Ciudad del Cabo|Città del Capo|Cidade do Cabo|Kaapstad|Durban|Pretoria|Soweto|Port Elizabeth|Gqeberha|Bloemfontein|Polokwane
ZM Kitwe|Ndola|Livingstone
ZW Bulawayo|Mutare"""

# The rest of the world's best-known cities in Chinese.
CHINESE = """Beijing CN 北京|Guangzhou CN 广州|Shenzhen CN 深圳|Tianjin CN 天津|Wuhan CN 武汉|Chengdu CN 成都|Hangzhou CN 杭州|Nanjing CN 南京|Xi'an CN 西安|Suzhou CN 苏州
Shenyang CN 沈阳|Qingdao CN 青岛|Dalian CN 大连|Zhengzhou CN 郑州|Changsha CN 长沙|Kunming CN 昆明|Xiamen CN 厦门|Lhasa CN 拉萨|Washington US 华盛顿|San Francisco US 旧金山
Boston US 波士顿|Houston US 休斯敦|Seattle US 西雅图|Miami US 迈阿密|Munich DE 慕尼黑|Hamburg DE 汉堡|Frankfurt DE 法兰克福|Geneva CH 日内瓦|Milan IT 米兰|Venice IT 威尼斯
Barcelona ES 巴塞罗那|Marseille FR 马赛|Lyon FR 里昂|Manchester GB 曼彻斯特|Rotterdam NL 鹿特丹|The Hague NL 海牙|Saint Petersburg RU 圣彼得堡|Kharkiv UA 哈尔科夫
Odesa UA 敖德萨|Mumbai IN 孟买|New Delhi IN 新德里|Osaka JP 大阪|Kyoto JP 京都|Hiroshima JP 广岛|Hanoi VN 河内|Islamabad PK 伊斯兰堡|Ankara TR 安卡拉|Tel Aviv IL 特拉维夫
Aleppo SY 阿勒颇|Rio de Janeiro BR 里约热内卢|Brasília BR 巴西利亚|Ottawa CA 渥太华|Montreal CA 蒙特利尔|Canberra AU 堪培拉|Melbourne AU 墨尔本|Cape Town ZA 开普敦""".replace("\n", "|")


def zones():
    """City of each time zone: (country, zone)."""
    for line in pathlib.Path("/usr/share/zoneinfo/zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            if zone.split("/")[-1] not in NOT_CITIES and not zone.startswith("Antarctica"):
                yield country, zone


def exemplars(language):
    root = tree.parse(CLDR / "main" / f"{language}.xml").getroot()
    return {zone.get("type"): zone.findtext("exemplarCity") for zone in root.iter("zone") if zone.findtext("exemplarCity")}


def known_forms():
    """Forms of places.csv, which is written by hand and wins."""
    forms = set()
    for line in (HERE / "places.csv").read_text(encoding="utf-8").splitlines():
        kind, name, _, _, written = (line.split(",") + [""] * 5)[:5]
        if kind.startswith("city"):
            forms |= {name, *written.split("|")}
    return forms


def country_forms():
    """Names of countries: a city or region that is written so is not listed, except the two Georgias."""
    forms = set()
    for line in (HERE / "countries.csv").read_text(encoding="utf-8").splitlines():
        _, name, code, _, written = (line.split(",") + [""] * 5)[:5]
        if code != "GE":
            forms |= {name, *written.split("|")}
    return forms


def is_usable(form):
    """Fits a column, and has at most a dozen words; in Chinese a character is one."""
    return "," not in form and "|" not in form and (form[0] < "\u2e80" or len(form) <= 10)


def row(kind, name, country, language, forms):
    doubtful = any(form in DOUBTFUL or len(form) < 4 and form.isascii() for form in forms)
    return f"{kind}{'?' if doubtful else ''},{name},{country},{language},{'|'.join(forms)}"


def write_cities():
    known, rows, names = known_forms() | country_forms(), [], {language: exemplars(language) for language in LANGUAGES}
    countries = country_forms()
    for country, zone in zones():
        name = names["en"].get(zone) or zone.split("/")[-1].replace("_", " ")
        if "," in name or name in countries:
            continue
        latin = [names[language].get(zone, name) for language in LANGUAGES[:7]]
        others = [names[language].get(zone) for language in LANGUAGES[7:] if names[language].get(zone)]
        forms = [form for form in dict.fromkeys([name, *latin, *others]) if form not in known]
        known.update(forms)
        forms = [form for form in forms if is_usable(form) and form not in countries]
        if forms:
            rows.append(row("city", name, country, "", forms))
    for line in MORE.splitlines():
        country, forms = line.split(" ", 1)
        for form in forms.split("|"):
            if form not in known and "," not in form:
                rows.append(row("city", form, country, "", [form]))
    for entry in CHINESE.split("|"):
        name, country, form = entry.rsplit(" ", 2)
        rows.append(row("city", name, country, "zh", [form]))
    (HERE / "cities.csv").write_text("kind,name,country,language,forms\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return len(rows)


def write_regions():
    rows, names, countries = [], {}, country_forms()
    for language in LANGUAGES:
        path = CLDR / "subdivisions" / f"{language}.xml"
        root = tree.parse(path).getroot()
        names[language] = {item.get("type"): item.text for item in root.iter("subdivision") if item.text and not item.get("alt")}
    for code, name in sorted(names["en"].items()):
        country = code[:2].upper()
        is_department = country == "FR" and (code[2:].isdigit() or len(code) < 5)
        is_local = country in ("GB", "IT", "BE") and len(code) > 5 and not code[2:].isdigit()
        if country not in COUNTRIES or is_department or is_local or "," in name:
            continue
        forms = list(dict.fromkeys(names[language][code] for language in LANGUAGES if code in names[language]))
        forms = [form for form in forms if is_usable(form) and form not in countries]
        if forms:
            rows.append(row("region", name, country, "", forms))
    (HERE / "regions.csv").write_text("kind,name,country,language,forms\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return len(rows)


if __name__ == "__main__":
    print(write_cities(), "cities", write_regions(), "regions")
