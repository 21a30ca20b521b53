# What a hand-out offers to a student. Written by the cut.

# The lab that `make grade` grades when it is not told another.
STEP_LAB := {{ step.lab }}

.PHONY: next handin update
next: ## the next open room, the row that it turns green, and what to read
	@$(LABS) next --arch $(ARCH)

handin: ## pack a hand-in: history, answers and the local score; PART=A for a part
	@$(LABS) handin --arch $(ARCH) $(if $(PART),--part $(PART))

update: ## take over corrections of this lab; LAB=name goes on to that lab (of a course that starts each lab afresh: on a new branch)
	@$(LABS) update $(if $(LAB),--lab $(LAB))
