import React, { useState, useEffect } from "react"; // @react
//                        ^ -> here
import * as Icons from "./icons"; // @icons
import { Button as Press } from "./button"; // @press

export const UserContext = React.createContext(null); // @context
//                         ^ -> @react

export function Card({ title, onClose, children, ...others }) { // @card
//                     ^ -> here
//                            ^ -> here
//                                                  ^ -> here
  const [open, setOpen] = useState(true); // @state
  //                      ^ -> @react
  useEffect(() => {
    const timer = setTimeout(() => setOpen(false), 1000); // @timer
    //                             ^ -> @state
    return () => clearTimeout(timer);
    //           ^ -> none
    //                        ^ -> @timer
  }, [open]);
  //  ^ -> @state
  if (!open) return null;
  return (
    <section title={title} {...others}>
  {/*^ -> member */}
    {/*      ^ -> nothing */}
    {/*             ^ -> @card */}
    {/*                        ^ -> @card */}
      <Press onClick={() => onClose(title)}>close</Press>
    {/*^ -> @press */}
      {/*                   ^ -> @card */}
      {/*                           ^ -> @card */}
      {/*                                          ^ -> @press */}
      <Icons.Close />
    {/*^ -> @icons */}
      {/*    ^ -> member */}
      <UserContext.Provider value={open}>{children}</UserContext.Provider>
    {/*^ -> @context */}
      {/*                          ^ -> @state */}
      {/*                                 ^ -> @card */}
      {/*                                            ^ -> @context */}
      {items.map((item, index) => ( // @item
        <Row key={index} {...item} index={missing} />
       //^ -> @row
        //        ^ -> @item
        //                   ^ -> @item
        //                         ^ -> nothing
        //                                ^ -> none
      ))}
    </section>
  );
}

const Row = ({ label }) => <li>{label}</li>; // @row
//             ^ -> here
//                          ^ -> member
//                              ^ -> @row
const items = [{ label: "one" }];
