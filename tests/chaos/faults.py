"""What goes wrong while records flow. Each fault is a function of the stage (brokers, members, proxy) and the dice; each ends with all
as it was, except for the number of members and partitions."""
import signal
import time


def kill_member(stage, dice):
    """kill -9 and a restart under the same name: the new one fences the transaction of the dead one."""
    member = dice.choice(stage.running())
    member.kill()
    time.sleep(dice.uniform(0, 2))
    member.start()


def terminate_member(stage, dice):
    member = dice.choice(stage.running())
    code = member.terminate(90)
    if code != 0:
        stage.faults.append(f"SIGTERM ended with {code}: {member.log()[-1500:]}")
    time.sleep(dice.uniform(0, 1))
    member.start()


def freeze_member(stage, dice):
    """SIGSTOP longer than the session timeout and max.poll.interval, then SIGCONT: a zombie that must add nothing."""
    member = dice.choice(stage.running())
    member.child.send_signal(signal.SIGSTOP)
    time.sleep(dice.uniform(8, 14))
    member.child.send_signal(signal.SIGCONT)


def freeze_shortly(stage, dice):
    """SIGSTOP shorter than the session timeout."""
    member = dice.choice(stage.running())
    member.child.send_signal(signal.SIGSTOP)
    time.sleep(dice.uniform(1, 4))
    member.child.send_signal(signal.SIGCONT)


def scale(stage, dice):
    """1 -> 4 -> 2 members."""
    for count in (4, 2):
        stage.scale_to(count)
        time.sleep(dice.uniform(2, 5))


def kill_broker(stage, dice):
    broker = dice.randint(1, 3)
    stage.cluster.call("kill", str(broker))
    time.sleep(dice.uniform(1, 6))
    stage.cluster.call("restart", str(broker))


def kill_two_brokers(stage, dice):
    """No quorum, no in-sync copies: nothing can be committed until they are back."""
    brokers = dice.sample([1, 2, 3], 2)
    for broker in brokers:
        stage.cluster.call("kill", str(broker))
    time.sleep(dice.uniform(1, 4))
    # The first cannot be ready before the second is there: both are started, then awaited.
    stage.cluster.call("restart", *[str(b) for b in brokers])


def rolling_restart(stage, dice):
    """Leaders, the group's coordinator and the transactions' coordinator all move."""
    for broker in dice.sample([1, 2, 3], 3):
        stage.cluster.call("restart", str(broker))


def cut_network(stage, dice):
    stage.proxy.cut()
    time.sleep(dice.uniform(2, 12))
    stage.proxy.restore()


def slow_network(stage, dice):
    stage.proxy.slow(dice.uniform(0.05, 0.5))
    time.sleep(dice.uniform(3, 8))
    stage.proxy.restore()


def add_partitions(stage, dice):
    stage.grow(dice.randint(1, 3))
    time.sleep(2)


def reload_rulebook(stage, dice):
    """A good rulebook, a bad one, the good one again."""
    for is_good in (True, False, True):
        stage.write_rulebook(dice.randint(0, 1 << 30), is_good)
        for member in stage.running():
            member.child.send_signal(signal.SIGHUP)
        time.sleep(dice.uniform(0.2, 1))


ALL = [kill_member, terminate_member, freeze_member, freeze_shortly, scale, kill_broker, kill_two_brokers, rolling_restart, cut_network, slow_network,
       add_partitions, reload_rulebook]
BY_NAME = {fault.__name__: fault for fault in ALL}

