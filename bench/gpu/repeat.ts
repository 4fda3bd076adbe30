/** Calls of one sample of PyTorch: REPEAT of peers/python/pytorch_cuda.py. */
export const REPEAT = 10;
