package malt.torch.tensor;

import java.util.List;
import java.util.function.IntUnaryOperator;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;

/**
 * Processes that compute together, by Gloo (torch.distributed, c10d). Each has a rank; all call the
 * same operations in the same order. A process that is gone fails the others' next operation.
 */
public final class ProcessGroup implements AutoCloseable {
  /** This process alone. */
  public static final ProcessGroup ALONE = new ProcessGroup(0, 1, null, null);

  private final int rank;
  private final int size;
  private final @Nullable TCPStore store;
  private final @Nullable ProcessGroupGloo group;

  private ProcessGroup(
      int rank, int size, @Nullable TCPStore store, @Nullable ProcessGroupGloo group) {
    this.rank = rank;
    this.size = size;
    this.store = store;
    this.group = group;
  }

  /**
   * Joins the others; returns when all are there.
   *
   * @param hosts where each rank can be reached by the others
   * @param exchange tells all the port where rank 0 has opened the meeting place: it is given that
   *     port there, 0 elsewhere
   * @throws PeerLostException if the others cannot be reached
   */
  public static ProcessGroup join(int rank, List<String> hosts, IntUnaryOperator exchange) {
    try (TensorScope scope = new TensorScope()) {
      TCPStore store = null;
      if (rank == 0) {
        store = store(hosts.get(0), 0, true);
      }
      int port = exchange.applyAsInt(store == null ? 0 : Short.toUnsignedInt(store.getPort()));
      if (store == null) {
        store = store(hosts.get(0), port, false);
      }
      ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create();
      options.devices(
          new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(hosts.get(rank))));
      ProcessGroupGloo group = new ProcessGroupGloo(store, rank, hosts.size(), options);
      return new ProcessGroup(rank, hosts.size(), scope.keep(store), scope.keep(group));
    } catch (RuntimeException e) {
      throw new PeerLostException(
          "rank %d of %d cannot join the others at %s: %s"
              .formatted(rank, hosts.size(), hosts.get(0), firstLine(e)),
          e);
    }
  }

  private static TCPStore store(String host, int port, boolean server) {
    TCPStoreOptions options = new TCPStoreOptions();
    options.port((short) port).isServer(server).waitWorkers(false);
    return new TCPStore(host, options);
  }

  public int rank() {
    return rank;
  }

  /** How many processes there are. */
  public int size() {
    return size;
  }

  /** Whether this one writes what all have come to. */
  public boolean leads() {
    return rank == 0;
  }

  /**
   * Puts the sum over all processes in place of each one's numbers, the same to the last bit
   * everywhere.
   *
   * @param tensor contiguous, of the same shape everywhere; summed in main memory, wherever it lies
   * @throws PeerLostException if another process is gone
   */
  public void sum(Tensor tensor) {
    if (group != null) {
      try (TensorScope scope = new TensorScope()) {
        Tensor sum = Tensors.MAIN.placed(tensor); // itself where it lies there
        group.allreduce(new TensorVector(sum))._wait();
        if (!tensor.is_cpu()) {
          tensor.copy_(sum);
        }
      } catch (RuntimeException e) {
        throw new PeerLostException(
            "rank %d of %d lost the others: %s".formatted(rank, size, firstLine(e)), e);
      }
    }
  }

  /** The same of an array. */
  public void sum(double[] values) {
    if (group != null) {
      try (TensorScope scope = new TensorScope()) {
        Tensor tensor = Tensors.MAIN.ofDoubles(values);
        sum(tensor);
        new DoublePointer(tensor.data_ptr()).get(values);
      }
    }
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    if (group != null) {
      group.close();
    }
    if (store != null) {
      store.close();
    }
  }
}
