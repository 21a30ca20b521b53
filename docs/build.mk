# The book: build/docs/site/index.html, made offline. Pictures are drawn from docs/pictures/*.dot.

DOCS_OUT := $(BUILD)/docs
DOCS_PICTURES := $(patsubst docs/%.dot,$(DOCS_OUT)/pages/%.svg,$(wildcard docs/pictures/*.dot))
DOCS_PAGES := $(patsubst docs/%,$(DOCS_OUT)/pages/%,$(wildcard docs/*.md docs/*.css))

.PHONY: docs test-docs
docs: $(DOCS_OUT)/site/index.html ## build the book (build/docs/site/index.html)
	@printf 'The book: %s\n' $(call quoted,$(CURDIR)/$<)

test-docs: $(DOCS_OUT)/site/index.html ## check the built book: nothing from outside, links, alternative texts
	@$(PYTHON) docs/check_site.py $(DOCS_OUT)/site

# The pages quote code (docs/hooks.py), so new code makes a new book.
$(DOCS_OUT)/site/index.html: docs/mkdocs.yml docs/hooks.py docs/search.js $(DOCS_PAGES) $(DOCS_PICTURES) \
    $(wildcard kernel/*/*.cc kernel/*/*.h kernel/arch/*/*.S kernel/arch/*/*.cc kernel/arch/*/*/*.h)
	$(Q)NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs --quiet build --clean --strict -f docs/mkdocs.yml
	@touch $@

$(DOCS_OUT)/pages/%: docs/%
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(DOCS_OUT)/pages/pictures/%.svg: docs/pictures/%.dot
	@mkdir -p $(@D)
	$(Q)dot -Tsvg -Nfontname=sans-serif -Efontname=sans-serif -Gfontname=sans-serif -o $@ $<
