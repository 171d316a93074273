// Measures the convolutions of the network `lite` in their three directions, ours against TensorFlow.js's own, on WebGPU in
// Node: interleaved, medians. Where a machine is shared, the CPU time of a software adapter says more than the clock: both.
// With `long`: the longest dispatch of the largest layers of DeepLab v2 (ResNet-101, 640x360), which must stay below 50 ms.
// node tools/measure/benchConv.mjs [rounds] [height width batch] | long
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
const isLong = process.argv[2] === 'long';
const [rounds = 7, height = 64, width = 128, batch = 4] = isLong ? [] : process.argv.slice(2).map(Number);
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});
const load = (path) => server.ssrLoadModule(join(root, path));

const { openDawn } = await load('src/hosts/node/dawn.ts');
const { openBackend } = await load('src/engine/backend/openBackend.ts');
const tf = await load('src/engine/tf.ts');
const { conv2d } = await load('src/engine/ops/conv2d/conv2d.ts');
const { filterGradientPass, forwardPass, inputGradientPass } = await load('src/engine/ops/conv2d/kernels/run.ts');
const passes = await load('src/engine/ops/conv2d/passes.ts');

const { gpu, driver } = await openDawn();
const device = await openBackend({ preference: 'webgpu', gpu });
console.log(`${device.adapter}; ${driver}; batch ${batch} of ${width}x${height}; medians of ${rounds}`);

// [name, denominator of the map's size, in, out, kernel, stride, dilation]
const LAYERS = [
  ['s1', 1, 3, 12, 3, 2, 1],
  ['s2.0', 2, 12, 20, 3, 2, 1],
  ['s2.1', 4, 20, 20, 3, 1, 1],
  ['s3', 4, 20, 48, 3, 2, 1],
  ['block a', 8, 48, 24, 1, 1, 1],
  ['block b d1', 8, 24, 24, 3, 1, 1],
  ['block b d4', 8, 24, 24, 3, 1, 4],
  ['block c', 8, 24, 48, 1, 1, 1],
  ['aspp 0', 8, 48, 16, 1, 1, 1],
  ['aspp d1', 8, 48, 16, 3, 1, 1],
  ['aspp d4', 8, 48, 16, 3, 1, 4],
  ['red', 8, 64, 32, 1, 1, 1],
  ['mix', 4, 52, 32, 1, 1, 1],
  ['head', 4, 32, 19, 1, 1, 1],
  ['low', 2, 12, 19, 1, 1, 1],
];

/**
 * CPU milliseconds of all threads but this one: where a software adapter computes. While this thread waits for the GPU it
 * polls, at the cost of a core; that must not count.
 */
function gpuCpu() {
  let nanoseconds = 0;
  for (const thread of readdirSync('/proc/self/task')) {
    if (Number(thread) === process.pid) continue;
    try {
      nanoseconds += Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // The thread has ended.
    }
  }
  return nanoseconds / 1e6;
}

const submit = () => {
  tf.backend().endComputePassEncoder();
  if (tf.backend().commandEncoder) tf.backend().submitQueue();
};

/** Wall and CPU milliseconds until the GPU is done with `work`. */
async function time(work) {
  const cpu = gpuCpu();
  const start = performance.now();
  const result = tf.tidy(work);
  submit();
  await tf.backend().queue.onSubmittedWorkDone();
  const wall = performance.now() - start;
  result.dispose();
  return { wall, cpu: gpuCpu() - cpu };
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const asTensor = (info) => tf.engine().makeTensorFromTensorInfo(info);

if (isLong) {
  await longestDispatches();
  process.exit(0);
}
console.log('layer        pass       MFLOP   ours GFLOP/s (cpu-s)   speed-up: clock   cpu');
const totals = { ours: 0, stock: 0, oursCpu: 0, stockCpu: 0, flops: 0 };
for (const [name, denominator, from, to, kernel, stride, dilation] of LAYERS) {
  const pad = dilation * (kernel >> 1);
  const padding = { top: pad, bottom: pad, left: pad, right: pad };
  const conv = { stride: [stride, stride], dilation: [dilation, dilation], padding, reflect: false };
  const x = tf.randomUniform([batch, height / denominator, width / denominator, from], -1, 1, 'float32', 1);
  const w = tf.randomUniform([kernel, kernel, from, to], -1, 1, 'float32', 2);
  const y = conv2d(x, w, { stride, dilation, padding });
  const dy = tf.randomUniform(y.shape, -1, 1, 'float32', 3);
  const flops = 2 * y.size * kernel * kernel * from;
  const pads = [
    [0, 0],
    [pad, pad],
    [pad, pad],
    [0, 0],
  ];
  // TensorFlow.js cannot differentiate dilated convolutions: there, the composition of its operations stands in.
  const plain = dilation === 1;
  const pairs = {
    forward: [() => conv2d(x, w, { stride, dilation, padding }), () => tf.conv2d(x, w, stride, pads, 'NHWC', dilation)],
    'to input': [
      () => asTensor(inputGradientPass(dy, w, null, x.shape, conv)),
      () => (plain ? tf.conv2dTranspose(dy, w, x.shape, stride, pads) : passes.inputGradient(dy, w, x.shape, conv)),
    ],
    'to filter': [
      () => asTensor(filterGradientPass(x, dy, w.shape, conv)),
      () =>
        plain
          ? tf
              .engine()
              .runKernel(
                'Conv2DBackpropFilter',
                { x, dy },
                { strides: stride, pad: pads, dataFormat: 'NHWC', dimRoundingMode: null, filterShape: w.shape },
              )
          : passes.filterGradient(x, dy, w.shape, conv),
    ],
  };
  for (const [pass, [ours, stock]] of Object.entries(pairs)) {
    const times = { ours: [], stock: [] };
    for (const work of [ours, stock, ours, stock]) await time(work);
    for (let round = 0; round < rounds; round++) {
      times.ours.push(await time(ours));
      times.stock.push(await time(stock));
    }
    const of = (who, what) => median(times[who].map((t) => t[what]));
    const [a, b, c, d] = [of('ours', 'wall'), of('stock', 'wall'), of('ours', 'cpu'), of('stock', 'cpu')];
    totals.ours += a;
    totals.stock += b;
    totals.oursCpu += c;
    totals.stockCpu += d;
    totals.flops += flops;
    console.log(
      `${name.padEnd(12)} ${pass.padEnd(10)} ${(flops / 1e6).toFixed(1).padStart(5)} ${(flops / a / 1e6).toFixed(2).padStart(9)} (${(flops / c / 1e6).toFixed(2)}) ${(b / a).toFixed(1).padStart(18)} ${(d / c).toFixed(1).padStart(9)}`,
    );
  }
  tf.dispose([x, w, y, dy]);
}
console.log(
  `all: ${(totals.flops / totals.ours / 1e6).toFixed(2)} GFLOP/s (${(totals.flops / totals.oursCpu / 1e6).toFixed(2)} a CPU-second); speed-up by the clock ${(totals.stock / totals.ours).toFixed(1)}, in CPU time ${(totals.stockCpu / totals.oursCpu).toFixed(1)}`,
);
process.exit(0);

/** Records the dispatches of each pass, then runs every one alone. */
async function longestDispatches() {
  // [name, height, width, in, out, kernel, dilation]
  const layers = [
    ['2048 -> 512 1x1', 46, 81, 2048, 512, 1, 1],
    ['512 3x3 d4', 46, 81, 512, 512, 3, 4],
    ['ASPP 2048 -> 19 d24', 46, 81, 2048, 19, 3, 24],
  ];
  const encoder = globalThis.GPUComputePassEncoder.prototype;
  const { setPipeline, setBindGroup, dispatchWorkgroups } = encoder;
  const bound = {};
  let recorded = [];
  encoder.setPipeline = function (pipeline) {
    bound.pipeline = pipeline;
    return setPipeline.call(this, pipeline);
  };
  encoder.setBindGroup = function (index, group) {
    bound.group = group;
    return setBindGroup.call(this, index, group);
  };
  encoder.dispatchWorkgroups = function (...workgroups) {
    recorded.push({ ...bound, workgroups });
    return dispatchWorkgroups.apply(this, workgroups);
  };
  const gpuDevice = tf.backend().device;
  const alone = async ({ pipeline, group, workgroups }) => {
    const commands = gpuDevice.createCommandEncoder();
    const pass = commands.beginComputePass();
    setPipeline.call(pass, pipeline);
    setBindGroup.call(pass, 0, group);
    dispatchWorkgroups.apply(pass, workgroups);
    pass.end();
    const [start, cpu] = [performance.now(), gpuCpu()];
    gpuDevice.queue.submit([commands.finish()]);
    await gpuDevice.queue.onSubmittedWorkDone();
    return { wall: performance.now() - start, cpu: gpuCpu() - cpu };
  };
  console.log(
    'layer                  pass        GFLOP  dispatches   longest ms: clock  CPU     all: GFLOP/s a CPU-second',
  );
  for (const [name, h, w, from, to, kernel, dilation] of layers) {
    const pad = dilation * (kernel >> 1);
    const padding = { top: pad, bottom: pad, left: pad, right: pad };
    const conv = { stride: [1, 1], dilation: [dilation, dilation], padding, reflect: false };
    const x = tf.fill([1, h, w, from], 0.5);
    const filter = tf.fill([kernel, kernel, from, to], 0.5);
    const dy = tf.fill([1, h, w, to], 0.5);
    const flops = 2 * h * w * from * to * kernel * kernel;
    const passes = {
      forward: () => forwardPass(x, filter, null, dy.shape, conv),
      'to input': () => inputGradientPass(dy, filter, null, x.shape, conv),
      'to filter': () => filterGradientPass(x, dy, filter.shape, conv),
    };
    for (const [pass, run] of Object.entries(passes)) {
      submit();
      recorded = [];
      const result = asTensor(run());
      const own = recorded;
      submit();
      await gpuDevice.queue.onSubmittedWorkDone();
      const times = [];
      for (const dispatch of own) times.push(await alone(dispatch));
      const most = (what) => Math.max(...times.map((t) => t[what])).toFixed(1);
      const cpu = times.reduce((sum, t) => sum + t.cpu, 0);
      console.log(
        `${name.padEnd(22)} ${pass.padEnd(10)} ${(flops / 1e9).toFixed(1).padStart(6)} ${String(own.length).padStart(11)} ${most('wall').padStart(18)} ${most('cpu').padStart(8)} ${(flops / cpu / 1e6).toFixed(2).padStart(12)}`,
      );
      result.dispose();
    }
    tf.dispose([x, filter, dy]);
  }
}
