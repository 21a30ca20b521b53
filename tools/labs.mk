# Labs: what a hand-out offers to a student, and what the one source tree offers to everybody else.
# labs/step.toml is written by the cut: where it is, this is a hand-out.

LABS := $(PYTHON) tools/labs.py

.PHONY: labs
labs: ## list the labs; LAB=traps shows a lab's rooms and rows
	@$(LABS) list $(if $(LAB),--lab $(LAB)) --arch $(ARCH)

ifneq ($(wildcard labs/step.toml),)
.PHONY: next handin update
next: ## the next open room, the row that it turns green, and what to read
	@$(LABS) next --arch $(ARCH)

handin: ## pack a hand-in: history, answers and the local score; PART=A for a part
	@$(LABS) handin --arch $(ARCH) $(if $(PART),--part $(PART))

update: ## take over corrections of this lab; LAB=name goes on to that lab
	@$(LABS) update $(if $(LAB),--lab $(LAB))
else
.PHONY: start update check-labs
start: ## cut a hand-out to work in: LAB=start DIR=../my-cairn (FAMILY=carry leaves the rooms of earlier labs open)
	@test -n '$(LAB)' -a -n '$(DIR)' || { echo 'make start needs a lab and a folder, e.g. make start LAB=start DIR=../my-cairn' >&2; exit 2; }
	@$(LABS) start $(LAB) '$(DIR)' $(if $(FAMILY),--family $(FAMILY))

update: ## append corrections to a repository of hand-outs: REPO=../handouts.git (LAB=name releases up to that lab)
	@test -n '$(REPO)' || { echo 'make update needs a repository, e.g. make update REPO=../handouts.git' >&2; exit 2; }
	@$(LABS) cut --update '$(REPO)' $(if $(LAB),--through $(LAB)) $(if $(MESSAGE),--message '$(MESSAGE)')

check-labs: ## prove every step tree: starters, ladders, wrong solutions, carry; FULL=1 proves everything
	@$(LABS) check $(if $(filter 1,$(FULL)),--full) $(if $(ONLY),--only $(ONLY)) $(if $(LAB),--lab $(LAB)) $(if $(NAME),--name '$(NAME)')
endif
