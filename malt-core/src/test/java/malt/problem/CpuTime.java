package malt.problem;

import java.lang.management.ManagementFactory;

/** Time this thread computed; unlike the clock it does not depend on other processes. */
public final class CpuTime {
  private CpuTime() {}

  public static long millis(Runnable work) {
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    work.run();
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1_000_000;
  }
}
