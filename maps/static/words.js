"use strict";
// Every word of the interface, in one table of five languages; words of articles come as data.
// Forms for numbers stand with "|" between them, in the order of PLURALS; {0}, {1} are filled in.
globalThis.conflictmap ??= {};
{
  const LANGUAGES = { en: "English", ar: "العربية", fr: "Français", ru: "Русский", tr: "Türkçe" };
  const LOCALES = { en: "en-GB", ar: "ar-u-nu-latn", fr: "fr-FR", ru: "ru-RU", tr: "tr-TR" };
  const PLURALS = {
    en: ["one", "other"], ar: ["zero", "one", "two", "few", "many", "other"], fr: ["one", "other"], ru: ["one", "few", "many"], tr: ["one", "other"],
  };

  // key: [English, Arabic, French, Russian, Turkish]
  const TABLE = {
    // frame
    panel: ["Events and evidence", "الأحداث والأدلة", "Événements et preuves", "События и подтверждения", "Olaylar ve kanıtlar"],
    map: ["Map of events", "خريطة الأحداث", "Carte des événements", "Карта событий", "Olay haritası"],
    languageLabel: ["Language", "اللغة", "Langue", "Язык", "Dil"],
    dark: ["Dark mode", "الوضع الداكن", "Mode sombre", "Тёмный режим", "Karanlık mod"],
    table: ["Table", "جدول", "Tableau", "Таблица", "Tablo"],
    tableOf: ["Table of events", "جدول الأحداث", "Tableau des événements", "Таблица событий", "Olay tablosu"],
    download: ["Download", "تنزيل", "Télécharger", "Скачать", "İndir"],
    downloadGeojson: ["Events shown, GeoJSON", "الأحداث المعروضة، GeoJSON", "Événements affichés, GeoJSON", "Показанные события, GeoJSON", "Gösterilen olaylar, GeoJSON"],
    downloadCsv: ["Events shown, CSV", "الأحداث المعروضة، CSV", "Événements affichés, CSV", "Показанные события, CSV", "Gösterilen olaylar, CSV"],
    downloadPng: ["Picture of the view, PNG", "صورة للعرض الحالي، PNG", "Image de la vue, PNG", "Изображение карты, PNG", "Görünümün resmi, PNG"],
    printOn: ["Print on {0}", "طباعة على {0}", "Imprimer en {0}", "Печать на {0}", "{0} yazdır"],
    copyLink: ["Copy link", "نسخ الرابط", "Copier le lien", "Копировать ссылку", "Bağlantıyı kopyala"],
    linkCopied: ["Link copied", "تم نسخ الرابط", "Lien copié", "Ссылка скопирована", "Bağlantı kopyalandı"],
    zoomIn: ["Zoom in", "تكبير", "Zoom avant", "Приблизить", "Yakınlaştır"],
    zoomOut: ["Zoom out", "تصغير", "Zoom arrière", "Отдалить", "Uzaklaştır"],

    // counts
    events: ["{0} event|{0} events", "لا أحداث|حدث واحد|حدثان|{0} أحداث|{0} حدثًا|{0} حدث", "{0} événement|{0} événements", "{0} событие|{0} события|{0} событий", "{0} olay|{0} olay"],
    ofEvents: ["{0} of {1} events", "{0} من أصل {1} حدث", "{0} événements sur {1}", "Событий: {0} из {1}", "{1} olaydan {0}"],
    articles: ["{0} article|{0} articles", "لا مقالات|مقال واحد|مقالان|{0} مقالات|{0} مقالًا|{0} مقال", "{0} article|{0} articles", "{0} статья|{0} статьи|{0} статей", "{0} haber|{0} haber"],
    publishers: ["{0} publisher|{0} publishers", "لا ناشرين|ناشر واحد|ناشران|{0} ناشرين|{0} ناشرًا|{0} ناشر", "{0} éditeur|{0} éditeurs", "{0} издание|{0} издания|{0} изданий", "{0} yayıncı|{0} yayıncı"],
    mentions: ["{0} mention|{0} mentions", "لا ذكر|ذكر واحد|ذُكر مرتين|{0} مرات|{0} مرة|{0} مرة", "{0} mention|{0} mentions", "{0} упоминание|{0} упоминания|{0} упоминаний", "{0} kez geçiyor|{0} kez geçiyor"],
    notLocated: ["{0} not located", "{0} دون موقع", "{0} non localisés", "без места: {0}", "{0} yersiz"],
    skipped: ["{0} input was skipped because it could not be read|{0} inputs were skipped because they could not be read", "|تم تجاوز ملف واحد لتعذر قراءته|تم تجاوز ملفين لتعذر قراءتهما|تم تجاوز {0} ملفات لتعذر قراءتها|تم تجاوز {0} ملفًا لتعذر قراءتها|تم تجاوز {0} ملف لتعذر قراءتها", "{0} entrée illisible a été ignorée|{0} entrées illisibles ont été ignorées", "пропущен {0} нечитаемый файл|пропущено {0} нечитаемых файла|пропущено {0} нечитаемых файлов", "okunamayan {0} girdi atlandı|okunamayan {0} girdi atlandı"],
    showMore: ["Show {0} more", "عرض {0} أخرى", "Afficher {0} de plus", "Показать ещё {0}", "{0} tane daha göster"],
    together: ["{0} event at one spot|{0} events at one spot", "|حدث واحد في مكان واحد|حدثان في مكان واحد|{0} أحداث في مكان واحد|{0} حدثًا في مكان واحد|{0} حدث في مكان واحد", "{0} événement au même endroit|{0} événements au même endroit", "{0} событие в одной точке|{0} события в одной точке|{0} событий в одной точке", "Aynı noktada {0} olay|Aynı noktada {0} olay"],
    killedAtLeast: ["at least {0} killed", "{0} قتيل على الأقل", "au moins {0} morts", "не менее {0} убитых", "en az {0} ölü"],
    notCounted: ["{0} event known only to a wider area is not counted here.|{0} events known only to a wider area are not counted here.", "|حدث واحد لا يُعرف إلا ضمن منطقة أوسع غير محسوب هنا.|حدثان لا يُعرفان إلا ضمن منطقة أوسع غير محسوبين هنا.|{0} أحداث لا تُعرف إلا ضمن منطقة أوسع غير محسوبة هنا.|{0} حدثًا لا يُعرف إلا ضمن منطقة أوسع غير محسوب هنا.|{0} حدث لا يُعرف إلا ضمن منطقة أوسع غير محسوب هنا.", "{0} événement connu seulement pour une zone plus large n’est pas compté ici.|{0} événements connus seulement pour une zone plus large ne sont pas comptés ici.", "{0} событие с более широкой областью здесь не учтено.|{0} события с более широкой областью здесь не учтены.|{0} событий с более широкой областью здесь не учтено.", "Yalnızca daha geniş bir alanı bilinen {0} olay burada sayılmadı.|Yalnızca daha geniş bir alanı bilinen {0} olay burada sayılmadı."],
    until: ["reports until {0}", "تقارير حتى {0}", "articles jusqu’au {0}", "сообщения до {0}", "haberler: {0} tarihine kadar"],

    // states
    undated: ["No date", "دون تاريخ", "Sans date", "Без даты", "Tarihsiz"],
    noEvents: ["No event was found in what was read.", "لم يُعثر على أي حدث في ما قُرئ.", "Aucun événement n’a été trouvé dans ce qui a été lu.", "В прочитанном не найдено ни одного события.", "Okunanlarda hiçbir olay bulunamadı."],
    noneShown: ["No event matches the filters.", "لا يوجد حدث يطابق المرشحات.", "Aucun événement ne correspond aux filtres.", "Ни одно событие не соответствует фильтрам.", "Filtrelere uyan olay yok."],
    "tabs.events": ["Events", "الأحداث", "Événements", "События", "Olaylar"],
    "tabs.filters": ["Filters", "المرشحات", "Filtres", "Фильтры", "Filtreler"],
    "tabs.unlocated": ["Not located", "دون موقع", "Non localisés", "Без места", "Yersiz"],
    "tabs.places": ["Places named", "أماكن مذكورة", "Lieux cités", "Названные места", "Anılan yerler"],
    "tabs.about": ["About", "حول", "À propos", "О карте", "Hakkında"],

    // key and layers
    legend: ["Key", "المفتاح", "Légende", "Обозначения", "Açıklama"],
    key: ["Key and layers", "المفتاح والطبقات", "Légende et couches", "Обозначения и слои", "Açıklama ve katmanlar"],
    types: ["What happened", "ما الذي حدث", "Ce qui s’est passé", "Что произошло", "Ne oldu"],
    sure: ["How well the place is known", "مدى دقة معرفة المكان", "Précision du lieu", "Насколько известно место", "Yer ne kadar biliniyor"],
    more: ["Also", "أيضًا", "Aussi", "Также", "Ayrıca"],
    "layers.background": ["Background events", "أحداث سابقة للسياق", "Événements de contexte", "Фоновые события", "Arka plan olayları"],
    "layers.undated": ["Events without a date", "أحداث دون تاريخ", "Événements sans date", "События без даты", "Tarihsiz olaylar"],
    "layers.doubt": ["Uncertainty: circles and areas", "عدم اليقين: دوائر ومناطق", "Incertitude : cercles et zones", "Неопределённость: круги и области", "Belirsizlik: daireler ve alanlar"],
    "layers.divisions": ["First-level outlines", "حدود المحافظات", "Limites de premier niveau", "Границы регионов", "Birinci düzey sınırlar"],
    "layers.places": ["Places named without an event", "أماكن مذكورة دون حدث", "Lieux cités sans événement", "Места без событий", "Olaysız anılan yerler"],
    "layers.heat": ["Density instead of symbols", "الكثافة بدل الرموز", "Densité au lieu des symboles", "Плотность вместо знаков", "Simgeler yerine yoğunluk"],
    shadeTitle: ["Shade governorates by", "تظليل المحافظات حسب", "Colorer les gouvernorats selon", "Закрасить регионы по", "İlleri şuna göre renklendir"],
    "shade.none": ["nothing", "لا شيء", "rien", "ничему", "hiçbiri"],
    "shade.events": ["events", "الأحداث", "événements", "событиям", "olaylar"],
    "shade.deaths": ["deaths (lowest figures)", "القتلى (أدنى الأرقام)", "morts (chiffres minimaux)", "погибшим (минимум)", "ölümler (en düşük sayılar)"],
    shadeNote: ["Counts of what the reports say, not rates; more reports are not always more events.", "أعداد ما ورد في التقارير وليست معدلات؛ كثرة التقارير لا تعني دائمًا كثرة الأحداث.", "Nombres tirés des articles, et non des taux ; plus d’articles ne veut pas toujours dire plus d’événements.", "Это число сообщений, а не частота; больше сообщений не всегда значит больше событий.", "Haberlerde geçen sayılardır, oran değildir; çok haber her zaman çok olay demek değildir."],
    "kinds.point": ["Town or site", "مدينة أو موقع", "Ville ou site", "Населённый пункт или объект", "Yerleşim ya da tesis"],
    "kinds.near": ["Near a place: within the circle", "قرب مكان: داخل الدائرة", "Près d’un lieu : dans le cercle", "Вблизи места: в пределах круга", "Bir yerin yakını: daire içinde"],
    "kinds.area": ["Somewhere in the shaded area", "في مكان ما ضمن المنطقة المظللة", "Quelque part dans la zone hachurée", "Где-то в заштрихованной области", "Taralı alanda bir yerde"],
    "kinds.country": ["Country only: listed, not drawn", "البلد فقط: مدرج دون رسم", "Pays seulement : listé, non dessiné", "Известна только страна: в списке", "Yalnız ülke: listede, haritada değil"],
    hollow: ["Hollow: low confidence", "مفرغ: ثقة منخفضة", "Creux : confiance faible", "Контур: низкая уверенность", "İçi boş: düşük güven"],
    cluster: ["Several events; click to open", "عدة أحداث؛ انقر للفتح", "Plusieurs événements ; cliquer pour ouvrir", "Несколько событий; нажмите, чтобы открыть", "Birden çok olay; açmak için tıklayın"],
    allEvents: ["All events", "كل الأحداث", "Tous les événements", "Все события", "Tüm olaylar"],
    mainEvents: ["Main area", "المنطقة الرئيسية", "Zone principale", "Основной район", "Ana bölge"],
    countryOnly: ["Known only to a country", "معروف على مستوى البلد فقط", "Connu au niveau du pays seulement", "Известна только страна", "Yalnız ülkesi bilinen"],

    // events of others
    besideTitle: ["Laid beside", "بجانبها", "En regard", "Для сравнения", "Yanına konan"],
    besideMark: ["In a frame: {0}", "داخل إطار: {0}", "Encadré : {0}", "В рамке: {0}", "Çerçeveli: {0}"],
    besideCount: ["beside {0} ({1})", "بجانب {0} ({1})", "en regard de {0} ({1})", "рядом с {0} ({1})", "{0} ({1}) yanında"],

    // time
    eventsOverTime: ["Events over time", "الأحداث عبر الزمن", "Événements dans le temps", "События во времени", "Zaman içinde olaylar"],
    from: ["From", "من", "Du", "С", "Başlangıç"],
    to: ["to", "إلى", "au", "по", "bitiş"],
    fromLabel: ["First day shown", "أول يوم معروض", "Premier jour affiché", "Первый показанный день", "Gösterilen ilk gün"],
    toLabel: ["Last day shown", "آخر يوم معروض", "Dernier jour affiché", "Последний показанный день", "Gösterilen son gün"],
    outside: ["Background outside these days: {0}", "سياق خارج هذه الأيام: {0}", "Contexte hors de ces jours : {0}", "Фон вне этих дней: {0}", "Bu günlerin dışında arka plan: {0}"],
    reset: ["All dates", "كل التواريخ", "Toutes les dates", "Все даты", "Tüm tarihler"],
    play: ["Play", "تشغيل", "Lecture", "Пуск", "Oynat"],
    pause: ["Pause", "إيقاف مؤقت", "Pause", "Пауза", "Duraklat"],
    step: ["Next step", "الخطوة التالية", "Pas suivant", "Следующий шаг", "Sonraki adım"],
    "per.day": ["Events per day", "أحداث في اليوم", "Événements par jour", "События по дням", "Günlük olaylar"],
    "per.week": ["Events per week", "أحداث في الأسبوع", "Événements par semaine", "События по неделям", "Haftalık olaylar"],
    "per.month": ["Events per month", "أحداث في الشهر", "Événements par mois", "События по месяцам", "Aylık olaylar"],
    "per.year": ["Events per year", "أحداث في السنة", "Événements par an", "События по годам", "Yıllık olaylar"],
    most: ["Most from {0}: {1}", "الأكثر من {0}: {1}", "Maximum à partir du {0} : {1}", "Больше всего с {0}: {1}", "En çok {0} itibarıyla: {1}"],

    // search and filters
    search: ["Search", "بحث", "Rechercher", "Поиск", "Ara"],
    searchHint: ["Search places, actors, words", "ابحث عن أماكن وجهات وكلمات", "Chercher lieux, acteurs, mots", "Места, участники, слова", "Yer, aktör, sözcük ara"],
    searching: ["searching the sentences …", "جارٍ البحث في الجمل …", "recherche dans les phrases …", "идёт поиск в предложениях …", "cümlelerde aranıyor …"],
    resetAll: ["Reset filters", "إزالة المرشحات", "Effacer les filtres", "Сбросить фильтры", "Filtreleri sıfırla"],
    publishersTitle: ["Publishers", "الناشرون", "Éditeurs", "Издания", "Yayıncılar"],
    anyOf: ["None chosen: all are shown.", "لم يُختر شيء: يُعرض الكل.", "Aucun choix : tout est affiché.", "Ничего не выбрано: показаны все.", "Seçim yok: hepsi gösteriliyor."],
    "said.query": ["words “{0}”", "الكلمات «{0}»", "mots « {0} »", "слова «{0}»", "sözcükler “{0}”"],
    "said.dates": ["dates {0}", "التواريخ {0}", "dates {0}", "даты {0}", "tarihler {0}"],
    "said.since": ["from {0}", "من {0}", "à partir du {0}", "с {0}", "{0} tarihinden itibaren"],
    "said.until": ["until {0}", "حتى {0}", "jusqu’au {0}", "по {0}", "{0} tarihine kadar"],
    "said.without": ["without: {0}", "دون: {0}", "sans : {0}", "без: {0}", "şunlar hariç: {0}"],
    "said.actors": ["actors: {0}", "الجهات: {0}", "acteurs : {0}", "участники: {0}", "aktörler: {0}"],
    "said.publishers": ["publishers: {0}", "الناشرون: {0}", "éditeurs : {0}", "издания: {0}", "yayıncılar: {0}"],
    "said.confidence": ["without confidence: {0}", "دون الثقة: {0}", "sans confiance : {0}", "без уверенности: {0}", "şu güven hariç: {0}"],
    filtersSet: ["Filters: {0}", "المرشحات: {0}", "Filtres : {0}", "Фильтры: {0}", "Filtreler: {0}"],
    noFilters: ["All events are shown; no filter is set.", "كل الأحداث معروضة دون أي مرشح.", "Tous les événements sont affichés, sans filtre.", "Показаны все события, фильтры не заданы.", "Tüm olaylar gösteriliyor; filtre yok."],

    // table
    "columns.date": ["Date", "التاريخ", "Date", "Дата", "Tarih"],
    "columns.place": ["Place", "المكان", "Lieu", "Место", "Yer"],
    "columns.type": ["Type", "النوع", "Type", "Тип", "Tür"],
    "columns.actors": ["Actors", "الجهات", "Acteurs", "Участники", "Aktörler"],
    "columns.killed": ["Killed", "القتلى", "Morts", "Убиты", "Ölen"],
    "columns.confidence": ["Confidence", "الثقة", "Confiance", "Уверенность", "Güven"],
    "columns.publishers": ["Publishers", "الناشرون", "Éditeurs", "Издания", "Yayıncılar"],

    // one event
    back: ["Back", "رجوع", "Retour", "Назад", "Geri"],
    background: ["background", "سياق", "contexte", "фон", "arka plan"],
    low: ["low confidence", "ثقة منخفضة", "confiance faible", "низкая уверенность", "düşük güven"],
    claimed: ["claimed", "مزعوم", "revendiqué", "утверждается", "iddia"],
    contested: ["contested", "متنازع عليه", "contesté", "оспаривается", "tartışmalı"],
    unlocatedIntro: ["These events were read, but no point is drawn, because the text gives no place that could be fixed.", "قُرئت هذه الأحداث ولم تُرسم لها نقطة لأن النص لا يذكر مكانًا يمكن تحديده.", "Ces événements ont été lus, mais aucun point n’est dessiné, car le texte ne donne aucun lieu qui ait pu être fixé.", "Эти события прочитаны, но точка не нанесена: текст не называет места, которое можно определить.", "Bu olaylar okundu, ancak metin belirlenebilir bir yer vermediği için nokta çizilmedi."],
    placesIntro: ["Places that the articles name without an event there. Switch them on in the key to see them on the map.", "أماكن تذكرها المقالات دون حدث فيها. فعّلها في المفتاح لتراها على الخريطة.", "Lieux cités par les articles sans événement. Activez-les dans la légende pour les voir sur la carte.", "Места, названные в статьях без события. Включите их в обозначениях, чтобы увидеть на карте.", "Haberlerde olaysız anılan yerler. Haritada görmek için açıklamadan açın."],
    "status.reported": ["Reported", "وارد في التقارير", "Rapporté", "Сообщается", "Bildirildi"],
    "status.claimed": ["Claimed: told by one side only", "مزعوم: من طرف واحد فقط", "Revendiqué : dit par un seul camp", "Утверждается только одной стороной", "İddia: yalnız bir taraf söylüyor"],
    "status.contested": ["Contested: one side asserts it, another denies it", "متنازع عليه: طرف يؤكد وآخر ينفي", "Contesté : un camp l’affirme, un autre le nie", "Оспаривается: одна сторона утверждает, другая отрицает", "Tartışmalı: bir taraf ileri sürüyor, diğeri reddediyor"],
    "prominence.background": ["Background: an earlier event that the report recalls", "سياق: حدث سابق يستذكره التقرير", "Contexte : un événement antérieur que l’article rappelle", "Фон: более раннее событие, о котором напоминает сообщение", "Arka plan: haberin andığı daha önceki bir olay"],
    "confidence.high": ["High", "عالية", "Élevée", "Высокая", "Yüksek"],
    "confidence.medium": ["Medium", "متوسطة", "Moyenne", "Средняя", "Orta"],
    "confidence.low": ["Low", "منخفضة", "Faible", "Низкая", "Düşük"],
    score: ["score {0}", "الدرجة {0}", "score {0}", "оценка {0}", "puan {0}"],
    "method.stated": ["stated in the text", "مذكور في النص", "donné par le texte", "указано в тексте", "metinde yazıyor"],
    "method.relative_to_publication": ["counted from the day of publication", "محسوب من يوم النشر", "compté à partir du jour de publication", "отсчитано от дня публикации", "yayın gününden hesaplandı"],
    "method.publication_date": ["taken from the day of publication; the text gives none", "مأخوذ من يوم النشر؛ النص لا يذكر تاريخًا", "repris du jour de publication ; le texte n’en donne pas", "взято по дню публикации; в тексте даты нет", "yayın günü alındı; metin tarih vermiyor"],
    "fields.when": ["When", "متى", "Quand", "Когда", "Ne zaman"],
    "fields.where": ["Where", "أين", "Où", "Где", "Nerede"],
    "fields.precision": ["How precisely", "مدى الدقة", "Précision", "Точность", "Ne kadar kesin"],
    "fields.actors": ["Actors", "الجهات الفاعلة", "Acteurs", "Участники", "Aktörler"],
    "fields.targets": ["Targets", "الأهداف", "Cibles", "Цели", "Hedefler"],
    "fields.casualties": ["Casualties", "الضحايا", "Victimes", "Потери", "Kayıplar"],
    "fields.status": ["Status", "الحالة", "Statut", "Статус", "Durum"],
    "fields.prominence": ["Weight", "الأهمية", "Poids", "Значение", "Ağırlık"],
    "fields.confidence": ["Confidence", "الثقة", "Confiance", "Уверенность", "Güven"],
    "fields.rivals": ["Other places of that name", "أماكن أخرى بالاسم نفسه", "Autres lieux de ce nom", "Другие места с этим названием", "Aynı adlı başka yerler"],
    "fields.reasons": ["Why this place", "لماذا هذا المكان", "Pourquoi ce lieu", "Почему это место", "Neden bu yer"],
    "fields.family": ["Part of", "جزء من", "Fait partie de", "Часть", "Parçası"],
    "fields.id": ["Event id", "معرّف الحدث", "Identifiant", "Номер события", "Olay kimliği"],
    "fields.unlocated": ["Why it is not on the map", "لماذا ليس على الخريطة", "Pourquoi absent de la carte", "Почему нет на карте", "Neden haritada değil"],
    phrase: ["In the text:", "في النص:", "Dans le texte :", "В тексте:", "Metinde:"],
    thisPlace: ["this place", "هذا المكان", "ce lieu", "это место", "bu yer"],
    "precision.site": ["At {0}, within about {1}.", "في {0}، ضمن نحو {1}.", "À {0}, à environ {1} près.", "{0}, в пределах примерно {1}.", "{0}, yaklaşık {1} içinde."],
    "precision.settlement": ["In or at {0}, within about {1}.", "في {0} أو عندها، ضمن نحو {1}.", "À {0}, à environ {1} près.", "{0} или рядом, в пределах примерно {1}.", "{0} içinde ya da yanında, yaklaşık {1} içinde."],
    "precision.near": ["Somewhere within about {1} of the point shown, which was worked out from {0}.", "في مكان ما ضمن نحو {1} من النقطة المعروضة، وهي محسوبة انطلاقًا من {0}.", "Quelque part à environ {1} du point montré, calculé à partir de {0}.", "Где-то в пределах примерно {1} от показанной точки, вычисленной от: {0}.", "Gösterilen noktanın yaklaşık {1} çevresinde; nokta {0} esas alınarak hesaplandı."],
    "precision.adm3": ["Somewhere in the third-level division {0}, within about {1}. The symbol stands for the area.", "في مكان ما في ناحية {0}، ضمن نحو {1}. الرمز يمثل المنطقة.", "Quelque part dans la division de troisième niveau {0}, à environ {1} près. Le symbole représente la zone.", "Где-то в единице третьего уровня: {0}, в пределах примерно {1}. Знак обозначает область.", "Üçüncü düzey {0} biriminde bir yerde, yaklaşık {1} içinde. Simge alanı gösterir."],
    "precision.adm2": ["Somewhere in the district {0}, within about {1}. The symbol stands for the area.", "في مكان ما في منطقة {0}، ضمن نحو {1}. الرمز يمثل المنطقة.", "Quelque part dans le district {0}, à environ {1} près. Le symbole représente la zone.", "Где-то в районе: {0}, в пределах примерно {1}. Знак обозначает область.", "{0} ilçesinde bir yerde, yaklaşık {1} içinde. Simge alanı gösterir."],
    "precision.adm1": ["Somewhere in {0}, a first-level division. The symbol stands for the whole area, not for a town.", "في مكان ما في {0}، وهي محافظة. الرمز يمثل المنطقة كلها لا مدينة.", "Quelque part dans {0}, une division de premier niveau. Le symbole représente toute la zone, pas une ville.", "Где-то в регионе первого уровня: {0}. Знак обозначает всю область, а не город.", "Birinci düzey {0} biriminde bir yerde. Simge bir kenti değil, bütün alanı gösterir."],
    "precision.part": ["Somewhere in the area that the text names, within about {1} of the point shown. The symbol stands for the area.", "في مكان ما في المنطقة التي يسميها النص، ضمن نحو {1} من النقطة المعروضة. الرمز يمثل المنطقة.", "Quelque part dans la zone que nomme le texte, à environ {1} du point montré. Le symbole représente la zone.", "Где-то в названной в тексте области, в пределах примерно {1} от точки. Знак обозначает область.", "Metnin andığı alanda bir yerde, gösterilen noktanın yaklaşık {1} çevresinde. Simge alanı gösterir."],
    "precision.country": ["Somewhere in {0}; the text gives nothing closer. The symbol stands for the whole country.", "في مكان ما في {0}؛ لا يذكر النص ما هو أدق. الرمز يمثل البلد كله.", "Quelque part en {0} ; le texte ne donne rien de plus précis. Le symbole représente tout le pays.", "Где-то в стране: {0}; точнее в тексте нет. Знак обозначает всю страну.", "{0} ülkesinde bir yerde; metin daha yakınını vermiyor. Simge bütün ülkeyi gösterir."],
    "precision.sea_air": ["At sea, in the air or along a border, within about {1}. The symbol stands for the area.", "في البحر أو الجو أو على طول حدود، ضمن نحو {1}. الرمز يمثل المنطقة.", "En mer, dans l’air ou le long d’une frontière, à environ {1} près. Le symbole représente la zone.", "На море, в воздухе или вдоль границы, в пределах примерно {1}. Знак обозначает область.", "Denizde, havada ya da bir sınır boyunda, yaklaşık {1} içinde. Simge alanı gösterir."],
    "claim.kind": ["What", "ماذا", "Quoi", "Что", "Ne"],
    "claim.number": ["Number", "العدد", "Nombre", "Число", "Sayı"],
    "claim.words": ["In words", "بالكلمات", "En mots", "Словами", "Sözle"],
    "claim.whose": ["Says who", "من يقول", "Selon qui", "Кто говорит", "Kim söylüyor"],
    "claim.kinds.killed": ["Killed", "قتلى", "Tués", "Убиты", "Öldürülen"],
    "claim.kinds.wounded": ["Wounded", "جرحى", "Blessés", "Ранены", "Yaralı"],
    "claim.kinds.missing": ["Missing", "مفقودون", "Disparus", "Пропали", "Kayıp"],
    "claim.kinds.detained": ["Detained", "محتجزون", "Détenus", "Задержаны", "Gözaltında"],
    "claim.kinds.displaced": ["Displaced", "نازحون", "Déplacés", "Перемещены", "Yerinden edilen"],
    "claim.kinds.words": ["Words", "كلمات", "Mots", "Слова", "Sözler"],
    "claim.none": ["not given", "غير مذكور", "non donné", "не указано", "verilmemiş"],
    "claim.orMore": ["{0} or more", "{0} أو أكثر", "{0} ou plus", "{0} или больше", "{0} ya da daha çok"],
    "claim.upTo": ["up to {0}", "حتى {0}", "jusqu’à {0}", "до {0}", "en çok {0}"],
    away: ["{0} away", "على بعد {0}", "à {0}", "на расстоянии {0}", "{0} uzakta"],
    quotes: ["What the reports say", "ما تقوله التقارير", "Ce que disent les articles", "Что говорят сообщения", "Haberler ne diyor"],
    "marks.trigger": ["what", "ماذا", "quoi", "что", "ne"],
    "marks.place": ["where", "أين", "où", "где", "nerede"],
    "marks.date": ["when", "متى", "quand", "когда", "ne zaman"],
    "marks.actor": ["who", "من", "qui", "кто", "kim"],
    "marks.target": ["whom", "على من", "contre qui", "кого", "kime"],
    "marks.number": ["how many", "كم", "combien", "сколько", "kaç"],
    noQuote: ["The table gives no sentence for this report.", "لا يعطي الجدول جملة لهذا التقرير.", "La table ne donne pas de phrase pour cet article.", "В таблице нет предложения для этого сообщения.", "Tabloda bu haber için cümle yok."],
    open: ["Open the article", "فتح المقال", "Ouvrir l’article", "Открыть статью", "Haberi aç"],
    publishedOn: ["published {0}", "نُشر في {0}", "publié le {0}", "опубликовано {0}", "yayın: {0}"],
    unknownPublisher: ["Publisher unknown", "الناشر غير معروف", "Éditeur inconnu", "Издание неизвестно", "Yayıncı bilinmiyor"],
    article: ["Article", "المقال", "Article", "Статья", "Haber"],
    copy: ["Copy id", "نسخ المعرّف", "Copier l’identifiant", "Копировать номер", "Kimliği kopyala"],
    cite: ["Copy citation", "نسخ الاقتباس", "Copier la citation", "Копировать ссылку на событие", "Alıntıyı kopyala"],
    copied: ["Copied", "تم النسخ", "Copié", "Скопировано", "Kopyalandı"],
    failed: ["The details of this event cannot be unpacked by this browser.", "لا يستطيع هذا المتصفح فك تفاصيل هذا الحدث.", "Ce navigateur ne peut pas déballer les détails de cet événement.", "Этот браузер не может распаковать подробности события.", "Bu tarayıcı olayın ayrıntılarını açamıyor."],

    // what people did
    "hand.corrected": ["corrected", "مصحَّح", "corrigé", "исправлено", "düzeltildi"],
    "hand.checked": ["checked", "مدقَّق", "vérifié", "проверено", "denetlendi"],
    "hand.flagged": ["flagged by you", "أبلغتَ عن خطأ فيه", "signalé par vous", "отмечено вами", "işaretlediniz"],
    "people.title": ["Seen by people", "مراجعة بشرية", "Relu par des personnes", "Просмотрено людьми", "İnsan gözünden geçen"],
    "people.corrected": ["Corrected by a person", "صحّحه شخص", "Corrigé par une personne", "Исправлено человеком", "Bir kişi düzeltti"],
    "people.checked": ["Checked by a person", "دقّقه شخص", "Vérifié par une personne", "Проверено человеком", "Bir kişi denetledi"],
    "people.flagged": ["Flagged by you", "أبلغتَ عن خطأ فيه", "Signalé par vous", "Отмечено вами", "Sizin işaretledikleriniz"],
    "fields.hand": ["By a person", "بيد شخص", "À la main", "Вручную", "Elle"],
    "tabs.flags": ["Flags", "البلاغات", "Signalements", "Отметки", "İşaretler"],
    "flag.open": ["Flag a mistake", "الإبلاغ عن خطأ", "Signaler une erreur", "Отметить ошибку", "Hata işaretle"],
    "flag.what": ["What is wrong?", "ما الخطأ؟", "Qu’est-ce qui est faux ?", "Что неверно?", "Yanlış olan ne?"],
    "flag.place": ["The place", "المكان", "Le lieu", "Место", "Yer"],
    "flag.date": ["The date", "التاريخ", "La date", "Дата", "Tarih"],
    "flag.type": ["The type", "النوع", "Le type", "Тип", "Tür"],
    "flag.number": ["A number", "عدد", "Un nombre", "Число", "Bir sayı"],
    "flag.duplicate": ["Told twice", "مكرر", "En double", "Повтор", "İki kez anlatılmış"],
    "flag.event": ["Not an event", "ليس حدثًا", "Pas un événement", "Это не событие", "Olay değil"],
    "flag.note": ["Note", "ملاحظة", "Remarque", "Примечание", "Not"],
    "flag.by": ["Your name (optional)", "اسمك (اختياري)", "Votre nom (facultatif)", "Ваше имя (необязательно)", "Adınız (isteğe bağlı)"],
    "flag.save": ["Flag", "إبلاغ", "Signaler", "Отметить", "İşaretle"],
    "flag.cancel": ["Cancel", "إلغاء", "Annuler", "Отмена", "Vazgeç"],
    "flag.takeBack": ["Take back", "سحب", "Retirer", "Снять", "Geri al"],
    "flag.takeAllBack": ["Take all back", "سحب الكل", "Tout retirer", "Снять все", "Hepsini geri al"],
    "flag.really": ["Sure? Press again", "متأكد؟ اضغط مرة أخرى", "Sûr ? Appuyez encore", "Точно? Нажмите ещё раз", "Emin misiniz? Yeniden basın"],
    "flag.choose": ["Choose what is wrong.", "اختر ما هو خطأ.", "Choisissez ce qui est faux.", "Выберите, что неверно.", "Yanlış olanı seçin."],
    "flag.saved": ["Flagged.", "تم الإبلاغ.", "Signalé.", "Отмечено.", "İşaretlendi."],
    "flag.taken": ["Taken back.", "تم السحب.", "Retiré.", "Снято.", "Geri alındı."],
    "flag.download": ["Your flags, CSV ({0})", "بلاغاتك، CSV ({0})", "Vos signalements, CSV ({0})", "Ваши отметки, CSV ({0})", "İşaretleriniz, CSV ({0})"],
    "flag.intro": ["Nothing is sent. Download your flags and give the file to whoever made the map; it is a corrections file that names each event.", "لا يُرسل شيء. نزّل بلاغاتك وأعطِ الملف لمن صنع الخريطة؛ إنه ملف تصحيحات يسمّي كل حدث.", "Rien n’est envoyé. Téléchargez vos signalements et remettez le fichier à l’auteur de la carte ; c’est un fichier de corrections qui nomme chaque événement.", "Ничего не отправляется. Скачайте отметки и передайте файл тому, кто сделал карту: это файл исправлений с номером каждого события.", "Hiçbir şey gönderilmez. İşaretlerinizi indirip dosyayı haritayı hazırlayana verin; her olayın adını taşıyan bir düzeltme dosyasıdır."],

    // about
    "how.title": ["How to read this map", "كيف تُقرأ هذه الخريطة", "Comment lire cette carte", "Как читать эту карту", "Bu harita nasıl okunur"],
    "how.1": ["Each symbol is a claim made in a news report, not a fact that was checked. Click one to see the sentence it comes from.", "كل رمز ادعاء ورد في تقرير صحفي، لا حقيقة جرى التحقق منها. انقر رمزًا لترى الجملة التي جاء منها.", "Chaque symbole est une affirmation d’un article de presse, pas un fait vérifié. Cliquez pour voir la phrase d’où il vient.", "Каждый знак — утверждение из новостного сообщения, а не проверенный факт. Нажмите, чтобы увидеть предложение, из которого он взят.", "Her simge bir haberde geçen bir iddiadır, doğrulanmış bir olgu değil. Geldiği cümleyi görmek için tıklayın."],
    "how.2": ["Solid symbols mark towns and sites. A dashed circle shows how far off the true spot may be. An open diamond with a shaded area means that only the area is known; very wide areas are shaded when selected.", "الرموز المصمتة للمدن والمواقع. الدائرة المتقطعة تبين مدى البعد الممكن عن الموضع الحقيقي. المعين المفتوح مع منطقة مظللة يعني أن المنطقة وحدها معروفة؛ والمناطق الواسعة جدًا تُظلل عند اختيارها.", "Les symboles pleins marquent villes et sites. Un cercle tireté montre l’écart possible. Un losange ouvert avec une zone hachurée signifie que seule la zone est connue ; les très grandes zones ne sont hachurées que choisies.", "Сплошные знаки — города и объекты. Пунктирный круг показывает возможное отклонение. Открытый ромб со штриховкой значит, что известна только область; очень большие области штрихуются при выборе.", "Dolu simgeler yerleşim ve tesisleri gösterir. Kesikli daire gerçek noktanın ne kadar uzakta olabileceğini gösterir. Taralı alanlı açık baklava yalnız alanın bilindiği anlamına gelir; çok geniş alanlar seçilince taranır."],
    "how.3": ["Places, dates and numbers were read by a program. What the text does not say is left open: no place, no point; no date, no date.", "قرأ برنامج الأماكن والتواريخ والأعداد. ما لا يقوله النص يبقى مفتوحًا: لا مكان فلا نقطة، ولا تاريخ فلا تاريخ.", "Lieux, dates et nombres ont été lus par un programme. Ce que le texte ne dit pas reste ouvert : pas de lieu, pas de point ; pas de date, pas de date.", "Места, даты и числа прочитаны программой. О чём текст молчит, то не заполнено: нет места — нет точки; нет даты — нет даты.", "Yerleri, tarihleri ve sayıları bir program okudu. Metnin söylemediği açık bırakıldı: yer yoksa nokta yok, tarih yoksa tarih yok."],
    "how.4": ["A span of dates shows the events that may lie in it: those whose interval overlaps. Bars count an event in each week or month that it may have happened in.", "تُظهر الفترة الزمنية الأحداث التي قد تقع فيها، أي التي يتقاطع مداها معها. وتحسب الأعمدة الحدث في كل أسبوع أو شهر قد يكون وقع فيه.", "Une période montre les événements qui peuvent s’y trouver, dont l’intervalle la recoupe. Les barres comptent un événement dans chaque semaine ou mois possible.", "Для отрезка дат показаны события, чей промежуток с ним пересекается. Столбцы учитывают событие в каждой возможной неделе или месяце.", "Bir tarih aralığı, aralığı onunla kesişen olayları gösterir. Çubuklar bir olayı, olmuş olabileceği her hafta ya da ayda sayar."],
    "how.5": ["Circles are true to scale. Country outlines are no statement on borders or on the status of any territory.", "الدوائر مرسومة بمقياسها الصحيح. حدود البلدان ليست موقفًا من الحدود أو من وضع أي إقليم.", "Les cercles sont à l’échelle. Les contours des pays ne disent rien des frontières ni du statut d’un territoire.", "Круги даны в масштабе. Контуры стран не означают позиции о границах или статусе территорий.", "Daireler ölçeklidir. Ülke çizgileri sınırlar ya da bir bölgenin statüsü hakkında bir beyan değildir."],
    caveatChecked: ["Symbols are claims made in news reports, read by a program; only those with a tick were checked by a person. Outlines are no statement on borders.", "الرموز ادعاءات وردت في تقارير صحفية قرأها برنامج؛ ولم يدقّق شخص إلا ما يحمل علامة صح. الحدود المرسومة ليست موقفًا من الحدود.", "Les symboles sont des affirmations d’articles de presse, lues par un programme ; seuls ceux qui portent une coche ont été vérifiés par une personne. Les contours ne disent rien des frontières.", "Знаки — утверждения из новостей, прочитанные программой; человек проверил только отмеченные галочкой. Контуры не означают позиции о границах.", "Simgeler, bir programın okuduğu haber iddialarıdır; yalnız onay imi taşıyanları bir kişi denetledi. Çizgiler sınırlar hakkında bir beyan değildir."],
    caveat: ["Symbols are claims made in news reports, read by a program and not checked. Outlines are no statement on borders.", "الرموز ادعاءات وردت في تقارير صحفية قرأها برنامج ولم يُتحقق منها. الحدود المرسومة ليست موقفًا من الحدود.", "Les symboles sont des affirmations d’articles de presse, lues par un programme et non vérifiées. Les contours ne disent rien des frontières.", "Знаки — утверждения из новостей, прочитанные программой и не проверенные. Контуры не означают позиции о границах.", "Simgeler, bir programın okuduğu ve doğrulanmamış haber iddialarıdır. Çizgiler sınırlar hakkında bir beyan değildir."],
    made: ["Made by", "أُنتجت بواسطة", "Fait par", "Создано", "Hazırlayan"],
    sources: ["Sources and licences", "المصادر والتراخيص", "Sources et licences", "Источники и лицензии", "Kaynaklar ve lisanslar"],
    "source.places": ["Places: GeoNames (geonames.org), CC BY 4.0", "الأماكن: GeoNames (geonames.org)، CC BY 4.0", "Lieux : GeoNames (geonames.org), CC BY 4.0", "Места: GeoNames (geonames.org), CC BY 4.0", "Yerler: GeoNames (geonames.org), CC BY 4.0"],
    "source.outlines": ["Outlines: {0}, public domain", "الحدود: {0}، ملك عام", "Contours : {0}, domaine public", "Контуры: {0}, общественное достояние", "Çizgiler: {0}, kamu malı"],
    "source.line": ["Places: GeoNames CC BY 4.0 · Outlines: Natural Earth ({0}), no statement on borders · Leaflet", "الأماكن: GeoNames CC BY 4.0 · الحدود: Natural Earth ({0})، ليست موقفًا من الحدود · Leaflet", "Lieux : GeoNames CC BY 4.0 · Contours : Natural Earth ({0}), sans prise de position · Leaflet", "Места: GeoNames CC BY 4.0 · Контуры: Natural Earth ({0}), без позиции о границах · Leaflet", "Yerler: GeoNames CC BY 4.0 · Çizgiler: Natural Earth ({0}), sınır beyanı değildir · Leaflet"],

    // the codebook
    "code.Battles": ["Battles", "معارك", "Combats", "Бои", "Çatışmalar"],
    "code.Protests": ["Protests", "احتجاجات", "Manifestations", "Протесты", "Protestolar"],
    "code.Riots": ["Riots", "أعمال شغب", "Émeutes", "Беспорядки", "Ayaklanmalar"],
    "code.Explosions/Remote violence": ["Explosions/Remote violence", "انفجارات/عنف عن بعد", "Explosions/violence à distance", "Взрывы и обстрелы", "Patlamalar/uzaktan şiddet"],
    "code.Violence against civilians": ["Violence against civilians", "عنف ضد المدنيين", "Violence contre les civils", "Насилие над мирными жителями", "Sivillere şiddet"],
    "code.Strategic developments": ["Strategic developments", "تطورات استراتيجية", "Développements stratégiques", "Стратегические события", "Stratejik gelişmeler"],
    "code.Not coded": ["Not coded", "غير مصنف", "Non codé", "Не классифицировано", "Sınıflandırılmamış"],
    "code.Government regains territory": ["Government regains territory", "الحكومة تستعيد أراضي", "Le gouvernement reprend du terrain", "Власти возвращают территорию", "Hükûmet toprak geri alıyor"],
    "code.Non-state actor overtakes territory": ["Non-state actor overtakes territory", "جهة غير حكومية تسيطر على أراضٍ", "Un acteur non étatique prend du terrain", "Негосударственная сила занимает территорию", "Devlet dışı aktör toprak alıyor"],
    "code.Armed clash": ["Armed clash", "اشتباك مسلح", "Affrontement armé", "Вооружённое столкновение", "Silahlı çatışma"],
    "code.Excessive force against protesters": ["Excessive force against protesters", "قوة مفرطة ضد المحتجين", "Force excessive contre des manifestants", "Чрезмерная сила против протестующих", "Göstericilere aşırı güç"],
    "code.Protest with intervention": ["Protest with intervention", "احتجاج مع تدخل", "Manifestation avec intervention", "Протест с вмешательством", "Müdahaleli protesto"],
    "code.Peaceful protest": ["Peaceful protest", "احتجاج سلمي", "Manifestation pacifique", "Мирный протест", "Barışçıl protesto"],
    "code.Violent demonstration": ["Violent demonstration", "مظاهرة عنيفة", "Manifestation violente", "Насильственная демонстрация", "Şiddetli gösteri"],
    "code.Mob violence": ["Mob violence", "عنف الحشود", "Violence de foule", "Насилие толпы", "Kalabalık şiddeti"],
    "code.Chemical weapon": ["Chemical weapon", "سلاح كيميائي", "Arme chimique", "Химическое оружие", "Kimyasal silah"],
    "code.Air/drone strike": ["Air/drone strike", "غارة جوية أو بطائرة مسيّرة", "Frappe aérienne ou de drone", "Удар авиации или дрона", "Hava/İHA saldırısı"],
    "code.Suicide bomb": ["Suicide bomb", "تفجير انتحاري", "Attentat suicide", "Подрыв смертника", "İntihar saldırısı"],
    "code.Shelling/artillery/missile attack": ["Shelling/artillery/missile attack", "قصف مدفعي أو صاروخي", "Tir d’artillerie ou de missile", "Артиллерийский или ракетный обстрел", "Topçu/füze saldırısı"],
    "code.Remote explosive/landmine/IED": ["Remote explosive/landmine/IED", "عبوة ناسفة/لغم", "Engin explosif/mine", "Взрывное устройство/мина", "Uzaktan patlayıcı/mayın/EYP"],
    "code.Grenade": ["Grenade", "قنبلة يدوية", "Grenade", "Граната", "El bombası"],
    "code.Sexual violence": ["Sexual violence", "عنف جنسي", "Violence sexuelle", "Сексуальное насилие", "Cinsel şiddet"],
    "code.Attack": ["Attack", "هجوم", "Attaque", "Нападение", "Saldırı"],
    "code.Abduction/forced disappearance": ["Abduction/forced disappearance", "اختطاف/إخفاء قسري", "Enlèvement/disparition forcée", "Похищение/насильственное исчезновение", "Kaçırma/zorla kaybetme"],
    "code.Agreement": ["Agreement", "اتفاق", "Accord", "Соглашение", "Anlaşma"],
    "code.Arrests": ["Arrests", "اعتقالات", "Arrestations", "Аресты", "Tutuklamalar"],
    "code.Change to group/activity": ["Change to group/activity", "تغيّر في جماعة أو نشاط", "Changement de groupe ou d’activité", "Изменение группы или её действий", "Grup/faaliyet değişikliği"],
    "code.Disrupted weapons use": ["Disrupted weapons use", "إحباط استخدام سلاح", "Usage d’arme empêché", "Предотвращённое применение оружия", "Engellenen silah kullanımı"],
    "code.Headquarters or base established": ["Headquarters or base established", "إقامة مقر أو قاعدة", "Quartier général ou base établis", "Создание штаба или базы", "Karargâh ya da üs kurulması"],
    "code.Looting/property destruction": ["Looting/property destruction", "نهب/تدمير ممتلكات", "Pillage/destruction de biens", "Мародёрство/уничтожение имущества", "Yağma/mülk tahribi"],
    "code.Non-violent transfer of territory": ["Non-violent transfer of territory", "انتقال أراضٍ دون عنف", "Transfert de territoire sans violence", "Передача территории без насилия", "Toprağın şiddetsiz el değiştirmesi"],
    "code.Other": ["Other", "غير ذلك", "Autre", "Другое", "Diğer"],
  };

  const fill = (text, values) => text.replace(/\{(\d)\}/g, (_, n) => values[n] ?? "");

  /** All words in one language: plain texts by key (nested at the dots), and functions where numbers or dates come in. */
  function wordsIn(language) {
    const column = Math.max(0, Object.keys(LANGUAGES).indexOf(language));
    const locale = LOCALES[language];
    const numbers = new Intl.NumberFormat(locale);
    const rules = new Intl.PluralRules(locale);
    const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
    const month = new Intl.DateTimeFormat(locale, { month: "short", year: "numeric", timeZone: "UTC" });
    const year = new Intl.DateTimeFormat(locale, { year: "numeric", timeZone: "UTC" });
    const regions = new Intl.DisplayNames(locale, { type: "region", fallback: "none" });
    const distance = new Intl.NumberFormat(locale, { style: "unit", unit: "kilometer", maximumFractionDigits: 1 });
    const text = (key, ...values) => fill(TABLE[key][column], values);
    const number = (n) => numbers.format(n);
    const plural = (key) => (n) => {
      const forms = TABLE[key][column].split("|");
      const form = PLURALS[language].indexOf(rules.select(n));
      return fill(forms[form] ?? forms.at(-1), [number(n)]);
    };
    const filled = (key) => (...values) => text(key, ...values.map((value) => (typeof value === "number" ? number(value) : value)));
    const km = (value) => distance.format(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
    const date = (days) => day.format(new Date(days * 864e5));

    const words = { language, locale, dir: language === "ar" ? "rtl" : "ltr", languages: LANGUAGES };
    for (const key of Object.keys(TABLE)) {
      if (key.startsWith("code.")) continue;
      const path = key.split(".");
      let node = words;
      for (const part of path.slice(0, -1)) node = node[part] ??= {};
      const value = TABLE[key][column];
      node[path.at(-1)] = value.includes("|") ? plural(key) : /\{\d\}/.test(value) ? filled(key) : value;
    }
    const { precision } = words;
    return Object.assign(words, {
      number,
      date,
      isoDate: (iso) => (/^\d{4}-\d\d-\d\d$/.test(iso) && !Number.isNaN(Date.parse(iso)) ? day.format(new Date(iso)) : iso),
      axisDate: (days, unit) => (unit === "year" ? year : unit === "month" ? month : day).format(new Date(days * 864e5)),
      perUnit: (unit) => words.per[unit],
      between: (start, end) => (start === end ? start : `${start} – ${end}`),
      span: (from, to) => (from === to ? number(from) : `${number(from)}–${number(to)}`),
      code: (name) => TABLE[`code.${name}`]?.[column] ?? name,
      country: (code, name) => (language === "en" ? name : (/^[A-Z]{2}$/.test(code) && regions.of(code)) || name),
      precision: (level, place, radius) => fill(TABLE[`precision.${level}`][column], [place ?? words.thisPlace, km(radius)]),
      claim: {
        ...words.claim,
        range: (low, high) => {
          if (low == null && high == null) return words.claim.none;
          if (high == null) return words.claim.orMore(low);
          if (low == null) return words.claim.upTo(high);
          return words.span(low, high);
        },
      },
      rival: (distanceKm, score) => `${words.away(km(distanceKm))}${score == null ? "" : `, ${words.score(score)}`}`,
      score: (value) => text("score", value),
      how: { title: words.how.title, lines: [1, 2, 3, 4, 5].map((n) => words.how[n]) },
      attribution: (outlines) => [words.source.places, ...outlines.map((outline) => words.source.outlines(outline)), "Leaflet 1.9.4, BSD-2-Clause"],
      line: (dates) => words.source.line(dates),
      backTo: words.tabs,
      precisionTexts: precision,
    });
  }

  const words = wordsIn("en");
  /** Changes the language of every word; what is on the page must then be built anew. */
  const useLanguage = (language) => language !== words.language && Object.assign(words, wordsIn(language));

  Object.assign(conflictmap, { words, useLanguage, wordsIn, LANGUAGES, PLURALS, TABLE });
}
