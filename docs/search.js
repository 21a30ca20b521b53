// The book's search, in place of mkdocs's own: that one asks a server for its index, and a book on the disk has none.
// docs/hooks.py writes the index as a script, search/index.js, which a page may load from anywhere. Both it and lunr are
// loaded when somebody first searches.
(function () {
    "use strict";
    const LONGEST_EXCERPT = 200;
    const input = document.getElementById("mkdocs-search-query");
    const list = document.getElementById("mkdocs-search-results");
    if (!input || !list) return;
    let loading = null;  // a promise of the function that finds

    function load(name) {
        return new Promise(function (done, failed) {
            const script = document.createElement("script");
            script.src = base_url + "/search/" + name;
            script.onload = done;
            script.onerror = () => failed(new Error(name + " cannot be read"));
            document.head.append(script);
        });
    }

    async function finder() {
        await Promise.all([load("lunr.js"), load("index.js")]);
        const sections = new Map(book_sections.map((section) => [section.location, section]));
        const index = lunr(function () {
            this.ref("location");
            this.field("title", { boost: 5 });
            this.field("text");
            book_sections.forEach((section) => this.add(section));
        });
        const every = { presence: lunr.Query.presence.REQUIRED };
        const beginning = { ...every, usePipeline: false, wildcard: lunr.Query.wildcard.TRAILING };
        // Sections with all the words; then those where the last word, perhaps not yet typed to its end, begins one.
        return function (words) {
            const told = words.filter((word, at) => lunr.stopWordFilter(word) || at === words.length - 1);
            const found = [every, beginning].flatMap((last) => index.query((query) =>
                told.forEach((word, at) => query.term(word, at < told.length - 1 ? every : last))));
            return [...new Set(found.map((result) => result.ref))].map((location) => sections.get(location));
        };
    }

    function article(section) {
        const item = document.createElement("article");
        const link = document.createElement("a");
        link.href = base_url + "/" + section.location;
        link.textContent = section.title;
        const heading = document.createElement("h3");
        heading.append(link);
        const text = document.createElement("p");
        text.textContent = section.text.slice(0, LONGEST_EXCERPT) + (section.text.length > LONGEST_EXCERPT ? " …" : "");
        item.append(heading, text);
        return item;
    }

    async function search() {
        const asked = input.value;
        const words = asked.toLowerCase().split(/[\s\-,.:;()]+/).filter(Boolean);
        if (words.length === 0) return list.replaceChildren();
        const line = document.createElement("p");
        try {
            loading = loading || finder();
            const found = (await loading)(words);
            if (asked !== input.value) return;  // more was typed meanwhile
            line.textContent = found.length === 1 ? "One section." : found.length + " sections.";
            list.replaceChildren(line, ...found.map(article));
        } catch (error) {
            line.textContent = "The search does not work: " + error.message + ". Next: make docs";
            list.replaceChildren(line);
        }
    }

    list.setAttribute("aria-live", "polite");
    input.addEventListener("input", search);
    input.form.addEventListener("submit", function (event) {  // Enter: the first that was found
        event.preventDefault();
        const first = list.querySelector("a");
        if (first) first.click();
    });
    const term = new URLSearchParams(location.search).get("q");
    if (term) {
        input.value = term;
        search();
    }
})();
