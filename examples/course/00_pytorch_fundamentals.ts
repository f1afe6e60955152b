/**
 * 00. PyTorch fundamentals.
 *
 * Tensors: what they are, how they are made, what can be done with them. After the first notebook of "Learn PyTorch for
 * Deep Learning" (learnpytorch.io), cell by cell; python/00_pytorch_fundamentals.py has the same cells in Python.
 */
import torch from 'tstorch';
import { len, print, range } from 'tstorch/python';

// %% The version
print(torch.__version__.split('+')[0]);

// %% Scalar, vector, matrix, tensor
const scalar = torch.tensor(7);
print(scalar, scalar.ndim, scalar.item());
const vector = torch.tensor([7, 7]);
print(vector, vector.ndim, vector.shape);
const MATRIX = torch.tensor([[7, 8], [9, 10]]);
print(MATRIX, MATRIX.ndim, MATRIX.shape);
const TENSOR = torch.tensor([[[1, 2, 3], [3, 6, 9], [2, 4, 5]]]);
print(TENSOR, TENSOR.ndim, TENSOR.shape);

// %% Random tensors
torch.manual_seed(42);
const random_tensor = torch.rand({ size: [3, 4] });
print(random_tensor, random_tensor.dtype);
const random_image_size_tensor = torch.rand({ size: [224, 224, 3] });
print(random_image_size_tensor.shape, random_image_size_tensor.ndim);

// %% Zeros and ones
const zeros = torch.zeros({ size: [3, 4] });
print(zeros, zeros.dtype);
const ones = torch.ones({ size: [3, 4] });
print(ones, ones.dtype);

// %% Ranges, and tensors like others
const zero_to_ten = torch.arange({ start: 0, end: 10, step: 1 });
print(zero_to_ten);
const ten_zeros = torch.zeros_like({ input: zero_to_ten });
print(ten_zeros);

// %% Datatypes. JavaScript cannot tell 3.0 from 3, so whole numbers need their datatype to be said.
const float_32_tensor = torch.tensor([3.0, 6.0, 9.0], { dtype: torch.float32, device: null, requires_grad: false });
print(float_32_tensor.shape, float_32_tensor.dtype, float_32_tensor.device);
const float_16_tensor = torch.tensor([3.0, 6.0, 9.0], { dtype: torch.float16 });
print(float_16_tensor.dtype);

// %% What a tensor tells about itself
const some_tensor = torch.rand(3, 4);
print(some_tensor);
print(`Shape of tensor: ${some_tensor.shape}`);
print(`Datatype of tensor: ${some_tensor.dtype}`);
print(`Device tensor is stored on: ${some_tensor.device}`);

// %% Basic operations. There are no operators for tensors in JavaScript: what is `tensor + 10` there is a method here.
let tensor = torch.tensor([1, 2, 3]);
print(tensor.add(10));
print(tensor.mul(10));
print(tensor);
tensor = tensor.mul(10);
print(tensor);
tensor = tensor.sub(10);
print(tensor);
tensor = torch.tensor([1, 2, 3]);
print(torch.multiply(tensor, 10));
print(tensor, '*', tensor);
print('Equals:', tensor.mul(tensor));

// %% Matrix multiplication
print(tensor.mul(tensor));
print(torch.matmul(tensor, tensor));
print(tensor.matmul(tensor));
let value = torch.tensor(0);
for (const i of range(len(tensor)))
  value = value.add(tensor[i]!.mul(tensor[i]!));
print(value);

// %% Shapes that do not fit
const tensor_A = torch.tensor([[1, 2], [3, 4], [5, 6]], { dtype: torch.float32 });
const tensor_B = torch.tensor([[7, 10], [8, 11], [9, 12]], { dtype: torch.float32 });
try {
  torch.matmul(tensor_A, tensor_B);
} catch (error) {
  print((error as Error).message);
}
print(tensor_A);
print(tensor_B.T);
print(`Original shapes: tensor_A = ${tensor_A.shape}, tensor_B = ${tensor_B.shape}\n`);
print(`New shapes: tensor_A = ${tensor_A.shape} (same as above), tensor_B.T = ${tensor_B.T.shape}\n`);
print(`Multiplying: ${tensor_A.shape} * ${tensor_B.T.shape} <- inner dimensions match\n`);
print('Output:\n');
let output = torch.matmul(tensor_A, tensor_B.T);
print(output);
print(`\nOutput shape: ${output.shape}`);
print(torch.mm(tensor_A, tensor_B.T));

// %% A linear layer multiplies matrices
torch.manual_seed(42);
const linear = new torch.nn.Linear({ in_features: 2, out_features: 6 });
let x = tensor_A;
output = linear(x);
print(`Input shape: ${x.shape}\n`);
print(`Output:\n${output}\n\nOutput shape: ${output.shape}`);

// %% Aggregation
x = torch.arange(0, 100, 10);
print(x);
print(`Minimum: ${x.min()}`);
print(`Maximum: ${x.max()}`);
print(`Mean: ${x.type(torch.float32).mean()}`);
print(`Sum: ${x.sum()}`);
print(torch.max(x), torch.min(x), torch.mean(x.type(torch.float32)), torch.sum(x));

// %% Where the largest and the smallest are
tensor = torch.arange(10, 100, 10);
print(`Tensor: ${tensor}`);
print(`Index where max value occurs: ${tensor.argmax()}`);
print(`Index where min value occurs: ${tensor.argmin()}`);

// %% Changing the datatype
tensor = torch.arange(10, 100, 10, { dtype: torch.float32 });
print(tensor.dtype);
const tensor_float16 = tensor.type(torch.float16);
print(tensor_float16);
const tensor_int8 = tensor.type(torch.int8);
print(tensor_int8);

// %% Reshaping, viewing, stacking. A view of a column can be filled, which changes the tensor it is a view of.
x = torch.arange(1, 8, { dtype: torch.float32 });
print(x, x.shape);
const x_reshaped = x.reshape(1, 7);
print(x_reshaped, x_reshaped.shape);
const z = x.view(1, 7);
print(z, z.shape);
z[':, 0'].fill_(5);
print(z, x);
const x_stacked = torch.stack([x, x, x, x], { dim: 0 });
print(x_stacked);

// %% Squeezing, unsqueezing, permuting
print(`Previous tensor: ${x_reshaped}`);
print(`Previous shape: ${x_reshaped.shape}`);
const x_squeezed = x_reshaped.squeeze();
print(`\nNew tensor: ${x_squeezed}`);
print(`New shape: ${x_squeezed.shape}`);
const x_unsqueezed = x_squeezed.unsqueeze({ dim: 0 });
print(`\nNew tensor: ${x_unsqueezed}`);
print(`New shape: ${x_unsqueezed.shape}`);
const x_original = torch.rand({ size: [224, 224, 3] });
const x_permuted = x_original.permute(2, 0, 1);
print(`Previous shape: ${x_original.shape}`);
print(`New shape: ${x_permuted.shape}`);

// %% Indexing. A single number goes into the brackets as it is, anything else as a string.
x = torch.arange(1, 10).reshape(1, 3, 3);
print(x, x.shape);
print(`First square bracket:\n${x[0]}`);
print(`Second square bracket: ${x[0]![0]}`);
print(`Third square bracket: ${x[0]![0]![0]}`);
print(x[':, 0']);
print(x[':, :, 1']);
print(x[':, 1, 1']);
print(x['0, 0, :']);

// %% NumPy: its part is played by typed arrays.
let array = Float64Array.from(range(1, 8));
tensor = torch.from_numpy(array);
print(tensor);
array = array.map((element) => element + 1);
print(tensor);
tensor = torch.ones(7);
const numpy_tensor = tensor.numpy();
print(tensor);
tensor = tensor.add(1);
print(tensor, torch.from_numpy(numpy_tensor));

// %% Reproducibility
const random_tensor_A = torch.rand(3, 4);
const random_tensor_B = torch.rand(3, 4);
print(`Tensor A:\n${random_tensor_A}\n`);
print(`Tensor B:\n${random_tensor_B}\n`);
print('Does Tensor A equal Tensor B? (anywhere)');
print(random_tensor_A.eq(random_tensor_B));
const RANDOM_SEED = 42;
torch.manual_seed({ seed: RANDOM_SEED });
const random_tensor_C = torch.rand(3, 4);
torch.random.manual_seed({ seed: RANDOM_SEED });
const random_tensor_D = torch.rand(3, 4);
print(`Tensor C:\n${random_tensor_C}\n`);
print(`Tensor D:\n${random_tensor_D}\n`);
print('Does Tensor C equal Tensor D? (anywhere)');
print(random_tensor_C.eq(random_tensor_D));

// %% Devices
const device = torch.cuda.is_available() ? 'cuda' : 'cpu';
tensor = torch.tensor([1, 2, 3]);
print(tensor, tensor.device);
const tensor_on_gpu = tensor.to(device);
const tensor_back_on_cpu = tensor_on_gpu.cpu().numpy();
print(torch.from_numpy(tensor_back_on_cpu));
