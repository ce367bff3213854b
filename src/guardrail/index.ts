export * from './guardrail-match';
export * from './guardrail-target';
export * from './license-guardrail';
