"""The commands `ps` and `runqueue`: who there is, who has a CPU, and who waits for one.

Both read what the kernel itself knows (kernel/sched/, kernel/task/), with the machine stopped: no lock is needed.
"""
import gdb

import machine
from commands import Command, names_at
from machine import object_at, port

MOST_PROCESSES = 500
MOST_FRAMES = 20
# Going to sleep, and the switch: whoever sleeps is below these, and where it sleeps is above them.
ON_THE_WAY = ("sched::switch_away", "sched::block", "sched::give_way", "sched::preempt_kernel", "sched::yield", "sync::", "switch_context")
THREAD_STATES = {"kNew": "new", "kReady": "ready", "kRunning": "runs", "kBlocked": "sleeps", "kEnded": "ended"}


def offset_of(type_name: str, field_name: str) -> int:
    return next(field.bitpos // 8 for field in gdb.lookup_type(type_name).fields() if field.name == field_name)


def address_of(expression: str) -> int:
    """Of a variable of the lab's; whoever asks too early is told so."""
    try:
        return int(gdb.parse_and_eval(f"(unsigned long)&{expression}"))
    except gdb.error:
        raise gdb.GdbError("this kernel has one program and one thread: others come with lab processes") from None


def atomic(value: gdb.Value) -> int:
    return int(value["value_"])


# ---- run queues ---------------------------------------------------------------------------------------------
def waiting_in(queue: gdb.Value) -> list[gdb.Value]:
    """The threads of a run queue, in the order of their turns."""
    offset = offset_of("sched::ThreadPart", "ready_node")
    parts = [object_at("sched::ThreadPart", node - offset) for node in machine.nodes_of(queue["ready_"], MOST_PROCESSES)]
    return [object_at("core::Thread", int(part["thread"])) for part in parts]


def thread_text(thread: gdb.Value) -> str:
    return f"{int(thread['tid'])} {machine.text_of(thread['name'])}"


class RunQueues(Command):
    """runqueue: what each CPU runs, and who waits for it, in the order of turns.
A thread's virtual time is what it has had of the CPU, weighed by its nice value: whoever has the least is next."""
    name = "runqueue"

    def run(self, argument: str) -> None:
        queues = address_of("sched::run_queues")
        for index in range(len(gdb.selected_inferior().threads())):
            queue = machine.words_at(queues + 8 * index, 1)[0]
            if queue != 0:
                self.show(index, object_at("sched::RunQueue", queue))

    def show(self, index: int, queue: gdb.Value) -> None:
        size = gdb.lookup_type("arch::Cpu").sizeof
        block = object_at("arch::Cpu", int(gdb.parse_and_eval("(unsigned long)&::cpu_blocks")) + index * size)
        running, waiting = machine.running_thread(block), waiting_in(queue)
        print(f"cpu {index}: {len(waiting)} wait, least virtual time {int(queue['least_'])} ns")
        for says, threads in (("runs", [running] if running is not None else []), ("waits", waiting)):
            for thread in threads:
                part = thread["sched"]
                print(f"  {says:<5}  {thread_text(thread):<20}  nice {int(part['nice']):3}  virtual {int(part['virtual_time'])} ns")


# ---- processes ----------------------------------------------------------------------------------------------
def processes() -> list[gdb.Value]:
    """All of them, zombies too, in the order of their pids."""
    table = object_at("task::PidTable", address_of("task::pids"))
    offset = offset_of("task::PidEntry", "node")
    entries = [object_at("task::PidEntry", node - offset) for node in machine.nodes_of(table["tree_"], MOST_PROCESSES)]
    return [object_at("core::Process", int(entry["process"])) for entry in entries if int(entry["process"]) != 0]


def sleeping_in(thread: gdb.Value) -> str:
    """The function that went to sleep: the first one below the switch, by the frame pointers of the thread's stack."""
    pc, frame = port().kernel_context(thread["kernel"], machine.words_at)
    for _ in range(MOST_FRAMES):
        for name in names_at(pc - 1) or [machine.function_at(pc)]:
            if not name.startswith(ON_THE_WAY):
                return name.split("(")[0]
        try:
            frame, pc = machine.words_at(frame + port().RECORD_OFFSET, 2)
        except gdb.MemoryError:
            break
        if pc == 0:
            break
    return "?"


class Processes(Command):
    """ps: all processes, and what each of them does; the kernel's function in which it sleeps, of a zombie its status.
Of the columns, `cpu` is where it runs, or ran last. `ready` means that it waits for its turn: see `runqueue`."""
    name = "ps"

    def run(self, argument: str) -> None:
        found = processes()
        print("  pid parent  group session  state   cpu  program")
        for process in found:
            part = process["task"]
            numbers = [self.number(part[name]) for name in ("group", "session")]
            print(f"{int(process['pid']):5} {self.parent(part):>6} {numbers[0]:>6} {numbers[1]:>7}  {self.rest(part)}")

    def number(self, entry: gdb.Value) -> str:
        return str(int(object_at("task::PidEntry", int(entry))["number"])) if int(entry) else "-"

    def parent(self, part: gdb.Value) -> str:
        if int(part["parent"]) == 0:
            return "-"
        parent = object_at("task::ProcessPart", int(part["parent"]))
        return str(int(object_at("core::Process", int(parent["process"]))["pid"]))

    def rest(self, part: gdb.Value) -> str:
        if int(part["thread"]) == 0:
            name = part["name"].string()
            return f"zombie    -  {name + ', ' if name else ''}status {int(part['status']):#x}"
        thread = object_at("core::Thread", int(part["thread"]))
        state = THREAD_STATES[str(thread["sched"]["state"]).split("::")[-1]]
        where = f" in {sleeping_in(thread)}" if state == "sleeps" else ""
        return f"{state:<7} {atomic(thread['sched']['cpu']):3}  {machine.text_of(thread['name'])}{where}"


for command in (RunQueues, Processes):
    command()
