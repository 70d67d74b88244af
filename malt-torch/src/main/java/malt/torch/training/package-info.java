/** SFT, DPO and pre-training over one log-probability path. */
@NullMarked
package malt.torch.training;

import org.jspecify.annotations.NullMarked;
