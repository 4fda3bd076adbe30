/** What carries messages between two processes on two machines: a message of n bytes takes α + n·β. */
export interface Link {
  readonly name: string;
  /** α: seconds of a message of no bytes, one way, as MPI sees it. */
  readonly latency: number;
  /** 1/β: bytes a second, one way, of one process. */
  readonly bandwidth: number;
  /** Who measured it, and where it was read. */
  readonly source: string;
}

const MICROSECOND = 1e-6;
const GIGABIT = 1e9 / 8;

/** As published, slowest first. None was measured here; those of Ethernet differ by far with switch, card and driver. */
export const LINKS: readonly Link[] = [
  {
    name: '1 Gbit Ethernet',
    latency: 25 * MICROSECOND,
    bandwidth: 117e6,
    source:
      'MPICH over TCP: 24.6 to 26.3 µs, 116 MB/s and more. OSU Micro-Benchmarks, gist.github.com/jfgrimm/3af692a5475bdd4ed836b5a18197a209, 2021',
  },
  {
    name: '10 Gbit Ethernet',
    latency: 48 * MICROSECOND,
    bandwidth: 0.95 * 10 * GIGABIT,
    source:
      'Between virtual machines, TCP: a round trip of 92 to 100 µs, over 95% of 10 Gbit/s. blogs.scalablelogic.com, Enhanced Networking in the AWS Cloud, part 2, 2014',
  },
  {
    name: '25 Gbit Ethernet',
    latency: 48 * MICROSECOND,
    bandwidth: 24 * GIGABIT,
    source:
      'Between virtual machines, TCP, several connections: 24 Gbit/s. github.com/open-mpi/ompi/issues/6521, 2019; the latency of 10 Gbit',
  },
  {
    name: '100 Gbit Ethernet',
    latency: 18 * MICROSECOND,
    bandwidth: 10.42e9 / 2,
    source:
      'Open MPI over EFA, one process a machine: 18.0 µs; 10.42 GB/s in both directions together, far from what the link carries. OSU 5.7.1 on c5n.18xlarge, github.com/aws/aws-parallelcluster, tests/integration-tests/tests/efa, osu_latency and osu_bibw',
  },
  {
    name: 'InfiniBand HDR',
    latency: 1.2 * MICROSECOND,
    bandwidth: 192 * GIGABIT,
    source:
      '1.2 µs, 192 Gbit/s one way (the page says GB/s; the link carries 200 Gbit/s). learn.microsoft.com, HBv3-series performance',
  },
  {
    name: 'InfiniBand NDR',
    latency: 2 * MICROSECOND,
    bandwidth: 400 * GIGABIT,
    source: 'Less than 2 µs, 400 Gbit/s one way. learn.microsoft.com, HBv4-series performance',
  },
];
