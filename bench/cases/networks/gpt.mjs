/** A decoder as GPT-2's, of any size. */
import torch, { nn } from 'tstorch';

const F = nn.functional;

class Attention extends nn.Module {
  constructor(width, heads) {
    super();
    this.heads = heads;
    this.qkv = new nn.Linear(width, 3 * width);
    this.proj = new nn.Linear(width, width);
  }

  forward(x) {
    const [batch, length, width] = x.shape;
    const [q, k, v] = this.qkv(x)
      .view(batch, length, 3, this.heads, width / this.heads)
      .permute(2, 0, 3, 1, 4)
      .unbind(0);
    const y = F.scaled_dot_product_attention(q, k, v, { is_causal: true });
    return this.proj(y.transpose(1, 2).reshape(batch, length, width));
  }
}

class Block extends nn.Module {
  constructor(width, heads) {
    super();
    this.norm_1 = new nn.LayerNorm(width);
    this.attention = new Attention(width, heads);
    this.norm_2 = new nn.LayerNorm(width);
    this.mlp = new nn.Sequential(new nn.Linear(width, 4 * width), new nn.GELU(), new nn.Linear(4 * width, width));
  }

  forward(x) {
    x = x.add(this.attention(this.norm_1(x)));
    return x.add(this.mlp(this.norm_2(x)));
  }
}

/** Gives the logits of all positions, one after the other. */
export class GPT extends nn.Module {
  constructor({ vocabulary, length, width, depth, heads }) {
    super();
    this.tokens = new nn.Embedding(vocabulary, width);
    this.positions = new nn.Embedding(length, width);
    this.blocks = new nn.Sequential(...Array.from({ length: depth }, () => new Block(width, heads)));
    this.norm = new nn.LayerNorm(width);
    this.head = new nn.Linear(width, vocabulary, { bias: false });
  }

  forward(x) {
    const positions = torch.arange(x.size(1), { device: x.device });
    return this.head(this.norm(this.blocks(this.tokens(x).add(this.positions(positions))))).flatten(0, 1);
  }
}
