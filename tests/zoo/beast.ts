/** What the zoo keeps: servers that misbehave, each with what a run against it must come to. */
import type { Socket } from 'node:net';
import type { Pair } from './certificates.ts';

/** How a run against it ends. */
export interface Expected {
  /** Exit status; several, where it is a matter of the moment which one holds. */
  readonly status: number | readonly number[];
  /** What the console or `report.json` must say of the trouble. */
  readonly says: RegExp;
  /** Rows that fail or warn, all of them; absent: whichever. */
  readonly blames?: readonly string[];
  /** Rows that must be among them. */
  readonly blamesAtLeast?: readonly string[];
  /** Flags for the run, besides those all have. */
  readonly flags?: readonly string[];
  /** Of those that leave nothing unanswered: how long a busy machine may take. */
  readonly requestMs?: number;
}

/** A whole answer of the bank behind a bad wire, before it is spoiled. */
export interface TrueAnswer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

export interface Call {
  readonly operation: 'list' | 'get' | 'create' | 'close' | 'token' | 'other';
  /** Of this operation, from 1. */
  readonly number: number;
}

/** Speaks for itself from the first octet: no bank is behind it. */
export interface Bare extends Expected {
  readonly kind: 'bare';
  readonly name: string;
  readonly onConnection?: (socket: Socket) => void;
  readonly answer?: (socket: Socket, request: string) => void;
  /** It speaks TLS with these. */
  readonly tls?: Pair;
}

/** A correct bank whose answers to some calls are spoiled on the way; the bank has done what was asked. */
export interface Spoiler extends Expected {
  readonly kind: 'spoiler';
  readonly name: string;
  readonly picks: (call: Call) => boolean;
  readonly answer: (socket: Socket, truth: TrueAnswer, call: Call) => void;
  /** The rows to run for; default: `fewRows`. */
  readonly only?: string;
}

/** Stands where a token endpoint should; the bank behind is correct. */
export interface Doorkeeper extends Expected {
  readonly kind: 'doorkeeper';
  readonly name: string;
  readonly answer: (socket: Socket, number: number) => void;
}

export type Beast = Bare | Spoiler | Doorkeeper;
