// All controls of a set of declared parameters, in the order in which they are declared.
import type { ParamSpecs, ParamValue, ParamValues } from '../../domain/params.ts';
import { ParamField } from './ParamField.tsx';

interface ParamFieldsProps {
  readonly specs: ParamSpecs;
  /** Where a parameter has no value here, it has its default. */
  readonly chosen: ParamValues;
  readonly onChange: (name: string, value: ParamValue) => void;
}

export function ParamFields({ specs, chosen, onChange }: ParamFieldsProps) {
  return Object.entries(specs).map(([name, spec]) => (
    <ParamField
      key={name}
      name={name}
      spec={spec}
      value={chosen[name] ?? spec.default}
      onChange={(value) => onChange(name, value)}
    />
  ));
}
