# What the one source tree offers: hand-outs to start from, and the proof that every step tree stands.

.PHONY: start update check-labs
start: ## cut a hand-out to work in: LAB=start DIR=../my-cairn (FAMILY=carry opens the rooms of earlier labs too)
	@test -n $(if $(LAB),$(if $(DIR),ok,''),'') || { echo 'make start needs a lab and a folder, e.g. make start LAB=start DIR=../my-cairn' >&2; exit 2; }
	@$(LABS) start '$(LAB)' $(call quoted,$(DIR)) $(if $(FAMILY),--family $(FAMILY))
	@# The warm-up hunts a mistake of the lab before; the first lab has none.
	@$(if $(wildcard labs/00-$(LAB)),,$(MAKE) --no-print-directory hunt LAB=$(LAB) >/dev/null && cp $(BUILD)/hunt/$(LAB).elf $(call quoted,$(DIR))/$(wildcard labs/*-$(LAB))/hunt.elf)

update: ## append corrections to a repository of hand-outs: REPO=../handouts.git (LAB=name releases up to that lab)
	@test -n $(if $(REPO),ok,'') || { echo 'make update needs a repository, e.g. make update REPO=../handouts.git' >&2; exit 2; }
	@$(LABS) cut --update $(call quoted,$(REPO)) $(if $(LAB),--through $(LAB)) $(if $(MESSAGE),--message $(call quoted,$(MESSAGE)))

check-labs: ## prove every step tree: starters, ladders, wrong solutions, carry; FULL=1 proves everything, FRESH=1 what is known too
	@$(LABS) check $(if $(filter 1,$(FULL)),--full) $(if $(filter 1,$(FRESH)),--fresh) $(if $(ONLY),--only $(ONLY)) $(if $(LAB),--lab $(LAB)) $(if $(NAME),--name $(call quoted,$(NAME)))
