package malt.torch.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import malt.ConfigException;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
  @Test
  void names_are_those_of_a_configuration() {
    assertThat(Device.named("cpu", 3)).isEqualTo(Device.cpu(3));
    assertThat(Device.named("cuda", 3)).isEqualTo(Device.cuda(0));
    assertThat(Device.named("cuda:12", 3)).hasToString("cuda:12").isEqualTo(Device.cuda(12));
    assertThat(Device.named("mps", 3)).hasToString("mps").isEqualTo(Device.mps());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "gpu", "CUDA", "cuda:", "cuda:-1", "cuda:128", "cpu:2", "mps:0", "meta"})
  void another_name_is_refused(String name) {
    assertThatThrownBy(() -> Device.named(name, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessage("'%s' names no device: cpu, cuda:0 (the number of the card) or mps", name);
  }

  @Test
  void the_processor_is_there_and_an_absent_card_is_an_error_that_says_what_is() {
    assertThat(Device.there()).startsWith(Device.cpu(0));
    assertThat(Device.cpu(5).required()).isEqualTo(Device.cpu(5));
    assertThatThrownBy(() -> Device.cuda(99).required())
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("no such device: cuda:99; there is cpu");
  }

  @Test
  void what_main_memory_has_is_beside_its_own() {
    try (TensorScope scope = new TensorScope()) {
      assertThat(Tensors.beside(Tensors.MAIN.range(3))).isSameAs(Tensors.MAIN);
      assertThat(Tensors.on(Device.cpu(7))).isSameAs(Tensors.MAIN);
    }
  }

  @Test
  void a_placed_tensor_of_main_memory_is_itself_and_a_copied_one_is_not() {
    try (TensorScope scope = new TensorScope()) {
      Tensor tensor = Tensors.MAIN.ofFloats(new float[] {1, 2}, 2);
      assertThat(Tensors.MAIN.placed(tensor)).isSameAs(tensor);
      Tensors.MAIN.copied(tensor).fill_(Tensors.zero());
      assertThat(Tensors.floats(tensor)).containsExactly(1, 2);
      Tensors.MAIN.placed(tensor).fill_(Tensors.zero());
      assertThat(Tensors.floats(tensor)).containsExactly(0, 0);
    }
  }
}
