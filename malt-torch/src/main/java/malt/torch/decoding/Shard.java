package malt.torch.decoding;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * One of {@code count} equal shares of a range of numbers, by which the weights of a model are
 * divided between threads (tensor parallelism; Shoeybi et al. 2019).
 *
 * @param index from 0
 */
record Shard(int index, int count) {
  static final Shard WHOLE = new Shard(0, 1);

  /** The first number of this share of {@code size}. */
  long from(long size) {
    return size * index / count;
  }

  /** How many numbers of {@code size} are in this share. */
  long length(long size) {
    return size * (index + 1) / count - from(size);
  }

  /** This share of a dimension of a tensor; a view. */
  Tensor of(Tensor tensor, int dimension) {
    return count == 1
        ? tensor
        : tensor.narrow(dimension, from(tensor.size(dimension)), length(tensor.size(dimension)));
  }

  /** This share of the rows of tensors that lie one below the other; views. */
  List<Tensor> rows(List<Tensor> tensors) {
    long size = tensors.stream().mapToLong(tensor -> tensor.size(0)).sum();
    long from = from(size);
    long end = from + length(size);
    List<Tensor> views = new ArrayList<>();
    long begin = 0;
    for (Tensor tensor : tensors) {
      long first = Math.max(from, begin);
      long last = Math.min(end, begin + tensor.size(0));
      if (first < last) {
        views.add(tensor.narrow(0, first - begin, last - first));
      }
      begin += tensor.size(0);
    }
    return views;
  }
}
