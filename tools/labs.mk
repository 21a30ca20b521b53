# The labs of this tree. What a hand-out offers is in tools/handout.mk, which the cut writes; what the one source
# tree offers is in tools/course.mk.

LABS := $(PYTHON) tools/labs.py

.PHONY: labs
labs: ## list the labs; LAB=traps shows a lab's rooms and rows
	@$(LABS) list $(if $(LAB),--lab $(LAB)) --arch $(ARCH)
